import { matchesWildcards } from '../../kernel/matches-wildcards.ts'
import type {
  ListenerRule,
  QueryPattern,
  RuleAction,
  RuleCondition,
} from '../../protocol/gateway.ts'
import { isAllowed } from './addresses.ts'
import { errorPage, type LocalResponse } from './local-response.ts'
import type { RequestHead } from './request-head.ts'
import type { Client } from './route.ts'

/** A listener's rules, ready to match. */
export type RuleMatcher = (head: RequestHead, client: Client) => ListenerRule | undefined

/** The first rule whose conditions all hold; one without conditions always does. */
export function ruleMatcher(rules: readonly ListenerRule[]): RuleMatcher {
  const compiled = rules.map((rule) => ({ rule, tests: rule.conditions.map(conditionTest) }))
  return (head, client) =>
    compiled.find(({ tests }) => tests.every((test) => test(head, client)))?.rule
}

type ConditionTest = (head: RequestHead, client: Client) => boolean

/** Paths and methods are compared with case, everything else without, as ALB does. */
function conditionTest(condition: RuleCondition): ConditionTest {
  switch (condition.field) {
    case 'path':
      return matching(condition.values, false, (head) => [pathOf(head.target)])
    case 'host':
      return matching(condition.values, true, (head) => [hostNameOf(head.host)])
    case 'header': {
      const lower = condition.name.toLowerCase()
      return matching(condition.values, true, (head) =>
        head.headers.flatMap(([name, value]) => (name.toLowerCase() === lower ? [value] : [])),
      )
    }
    case 'method':
      return (head) => condition.values.includes(head.method)
    case 'query':
      return queryTest(condition.values)
    case 'source':
      return (_, client) => isAllowed(client.address, condition.values)
  }
}

function matching(
  values: readonly string[],
  ignoresCase: boolean,
  textsOf: (head: RequestHead) => readonly string[],
): ConditionTest {
  const fold = (text: string): string => (ignoresCase ? text.toLowerCase() : text)
  const patterns = values.map(fold)
  return (head) =>
    textsOf(head).some((text) => {
      const folded = fold(text)
      return patterns.some((pattern) => matchesWildcards(pattern, folded))
    })
}

/** Keys and values are compared as they are sent, without decoding. */
function queryTest(wanted: readonly QueryPattern[]): ConditionTest {
  const patterns = wanted.map(({ key, value }) => ({
    key: key === undefined ? '*' : literal(key.toLowerCase(), /\\([*?])/g),
    value: literal(value.toLowerCase(), /\\([*?])/g),
  }))
  return (head) => {
    const asked = head.target.slice(pathOf(head.target).length + 1).toLowerCase()
    const query = literal(asked, /([*?])/g)
    if (query === '') return false
    return query.split('&').some((pair) => {
      const equals = pair.indexOf('=')
      const key = equals < 0 ? pair : pair.slice(0, equals)
      const value = equals < 0 ? '' : pair.slice(equals + 1)
      return patterns.some(
        (pattern) => matchesWildcards(pattern.key, key) && matchesWildcards(pattern.value, value),
      )
    })
  }
}

/** Characters that are no wildcards, by codes that no request has: in a query's pattern a backslash makes them plain. */
function literal(text: string, plain: RegExp): string {
  return text.replaceAll(plain, (_, sign: string) => (sign === '*' ? '\u0001' : '\u0002'))
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
  listener: { readonly port: number; readonly protocol: string },
): LocalResponse {
  const path = pathOf(head.target)
  const query = head.target.slice(path.length + 1)
  const own: Readonly<Record<string, string>> = {
    protocol: listener.protocol,
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
    body: errorPage(action.statusCode).body,
    headers: [['Location', location]],
  }
}
