import { randomBytes } from 'node:crypto'
import type { ListenerRule, ListenerSpec, WeightedTargetGroup } from '../../protocol/gateway.ts'
import { forwardHead, headerOf } from './forward-head.ts'
import { errorPage } from './local-response.ts'
import type { RequestHead } from './request-head.ts'
import type { Client, Route, Router } from './route.ts'
import { redirectResponse, ruleMatcher, type RuleMatcher } from './rules.ts'
import type { TargetGroup } from './target-group.ts'
import type { Upstream } from './upstream.ts'

const replaced = new Set([
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-amzn-trace-id',
])

/** What a listener does with each request, by its rules. The rules may be replaced while connections stay. */
export class ListenerRouter implements Router {
  readonly serverName = 'awselb/2.0'
  requestCount = 0
  spec: ListenerSpec
  private matcher: RuleMatcher
  private readonly groupOf: (id: string) => TargetGroup | undefined
  private turn = 0

  constructor(spec: ListenerSpec, groupOf: (id: string) => TargetGroup | undefined) {
    this.spec = spec
    this.groupOf = groupOf
    this.matcher = ruleMatcher(spec.rules)
  }

  apply(spec: ListenerSpec): void {
    this.spec = spec
    this.matcher = ruleMatcher(spec.rules)
  }

  get idleMilliseconds(): number {
    return this.spec.idleTimeoutSeconds * 1000
  }

  route(head: RequestHead, client: Client): Route {
    this.requestCount++
    const rule = this.matcher(head)
    if (rule === undefined) return { type: 'respond', response: errorPage(503) }
    return this.act(rule, head, client)
  }

  private act({ action }: ListenerRule, head: RequestHead, client: Client): Route {
    switch (action.type) {
      case 'fixed-response':
        return {
          type: 'respond',
          response: {
            status: action.statusCode,
            contentType: action.contentType,
            body: action.body,
          },
        }
      case 'redirect':
        return { type: 'respond', response: redirectResponse(action, head, this.spec) }
      case 'forward': {
        const group = this.pick(action.targetGroups)
        return {
          type: 'forward',
          head: forwardHead(head, { omitted: replaced, added: this.forwardedLines(head, client) }),
          choose: (tried: ReadonlySet<Upstream>) => group?.choose(tried),
          patienceMilliseconds: 0,
          unavailable: errorPage(503),
          isTransparent: false,
        }
      }
    }
  }

  /** Weighted: each group's share of the turns is its weight's share of the sum. */
  private pick(groups: readonly WeightedTargetGroup[]): TargetGroup | undefined {
    const [first] = groups
    if (first === undefined) return undefined
    if (groups.length === 1) return this.groupOf(first.targetGroupId)
    const sum = groups.reduce((total, group) => total + group.weight, 0)
    if (sum === 0) return undefined
    // A stride that shares no factor with most sums spreads the groups' turns instead of bunching them.
    let place = (this.turn++ * 37) % sum
    for (const group of groups) {
      if (place < group.weight) return this.groupOf(group.targetGroupId)
      place -= group.weight
    }
    return undefined
  }

  private forwardedLines(head: RequestHead, client: Client): string {
    const before = headerOf(head, 'x-forwarded-for')
    const forwardedFor = before === undefined ? client.address : `${before}, ${client.address}`
    return (
      `X-Forwarded-For: ${forwardedFor}\r\n` +
      'X-Forwarded-Proto: http\r\n' +
      `X-Forwarded-Port: ${this.spec.port}\r\n` +
      `X-Amzn-Trace-Id: ${traceId(headerOf(head, 'x-amzn-trace-id'))}\r\n`
    )
  }
}

/** `Root=1-…` made here when there is none; a client's own root stays and we add ourselves, as ALB does. */
function traceId(before: string | undefined): string {
  if (before === undefined) return `Root=${traceNode()}`
  if (before.includes('Root=')) return `Self=${traceNode()};${before}`
  return `Root=${traceNode()};${before}`
}

/** Hexadecimal digits, 24 for each request. */
let tracePool = ''
let tracePlace = 0
let traceSecond = 0
let traceTime = ''

/** Random bytes are drawn for many requests at once: one call to the kernel costs as much as a request's whole head. */
function traceNode(): string {
  if (tracePlace === tracePool.length) {
    tracePool = randomBytes(12 * 256).toString('hex')
    tracePlace = 0
  }
  const unique = tracePool.slice(tracePlace, tracePlace + 24)
  tracePlace += 24
  const seconds = Math.floor(Date.now() / 1000)
  if (seconds !== traceSecond) {
    traceSecond = seconds
    traceTime = seconds.toString(16).padStart(8, '0')
  }
  return `1-${traceTime}-${unique}`
}
