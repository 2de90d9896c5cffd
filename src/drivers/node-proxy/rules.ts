import type { ListenerRule, RuleAction, RuleCondition } from '../../protocol/gateway.ts'
import type { LocalResponse } from './local-response.ts'
import type { RequestHead } from './request-head.ts'

/** A listener's rules, ready to match. */
export type RuleMatcher = (head: RequestHead) => ListenerRule | undefined

/** The first rule whose conditions all hold; one without conditions always does. */
export function ruleMatcher(rules: readonly ListenerRule[]): RuleMatcher {
  const compiled = rules.map((rule) => ({ rule, tests: rule.conditions.map(conditionTest) }))
  return (head) => compiled.find(({ tests }) => tests.every((test) => test(head)))?.rule
}

function conditionTest(condition: RuleCondition): (head: RequestHead) => boolean {
  const isHost = condition.field === 'host'
  // Host names are compared without case, paths with it, as ALB does.
  const patterns = condition.values.map((value) => wildcardPattern(value, isHost))
  return (head) => {
    const text = isHost ? hostNameOf(head.host) : pathOf(head.target)
    return patterns.some((pattern) => pattern.test(text))
  }
}

/** `*` stands for any number of characters, `?` for one. */
function wildcardPattern(value: string, ignoresCase: boolean): RegExp {
  const source = value
    .split(/([*?])/)
    .map((part) => {
      if (part === '*') return '.*'
      return part === '?' ? '.' : part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    })
    .join('')
  return new RegExp(`^${source}$`, ignoresCase ? 'is' : 's')
}

/** A Host without its port. */
export function hostNameOf(host: string): string {
  const bracket = host.lastIndexOf(']')
  const colon = host.indexOf(':', bracket < 0 ? 0 : bracket)
  return colon < 0 ? host : host.slice(0, colon)
}

function pathOf(target: string): string {
  const query = target.indexOf('?')
  return query < 0 ? target : target.slice(0, query)
}

/** The answer to a request whose rule redirects: `#{host}` and its like stand for the request's own parts. */
export function redirectResponse(
  action: RuleAction & { readonly type: 'redirect' },
  head: RequestHead,
  listener: { readonly port: number },
): LocalResponse {
  const path = pathOf(head.target)
  const query = head.target.slice(path.length + 1)
  const own: Readonly<Record<string, string>> = {
    protocol: 'http',
    host: hostNameOf(head.host),
    port: String(listener.port),
    path: path.slice(1),
    query,
  }
  const fill = (text: string): string =>
    text.replaceAll(/#\{(protocol|host|port|path|query)\}/g, (_, name: string) => own[name] ?? '')
  const protocol = fill(action.protocol).toLowerCase()
  const port = fill(action.port)
  const filledPath = fill(action.path)
  const filledQuery = fill(action.query)
  const location =
    `${protocol}://${fill(action.host)}:${port}` +
    (filledPath.startsWith('/') ? filledPath : `/${filledPath}`) +
    (filledQuery === '' ? '' : `?${filledQuery}`)
  return {
    status: action.statusCode,
    contentType: 'text/html',
    body: `<html>\r\n<head><title>${action.statusCode}</title></head>\r\n</html>\r\n`,
    headers: [['Location', location]],
  }
}
