import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type {
  HttpBehaviour,
  ListenerRule,
  ListenerSpec,
  RuleAction,
} from '../../protocol/gateway.ts'
import { AccessRecord, type AccessLogSink } from './access-record.ts'
import { verdictOn, type Classification, type Verdict } from './desync.ts'
import { forwardHead, headerOf } from './forward-head.ts'
import { behaviourDefault, forwardedLines, omittedHeaders } from './forwarded-lines.ts'
import { errorPage, type LocalResponse } from './local-response.ts'
import type { RequestHead } from './request-head.ts'
import type { ResponseHead } from './response-head.ts'
import type { Client, Route, Router } from './route.ts'
import { proxyPreamble } from './proxy-preamble.ts'
import { hostNameOf, redirectResponse, ruleMatcher, type RuleMatcher } from './rules.ts'
import { SecuredRecord } from './secured-record.ts'
import { stickyGroupLines, stickyGroupOf, stickyMark } from './stickiness.ts'
import type { TargetGroup } from './target-group.ts'
import type { ConnectionRecord } from './tcp-relay.ts'
import { TrafficMeter } from './traffic.ts'
import type { Upstream } from './upstream.ts'

/** ALB's word for a request whose protocol its target group is not for; it comes without a body. */
const incompatible: LocalResponse = { status: 464, contentType: '', body: '' }
/** ALB's word for a request that came by more places than it takes. */
const wayTooLong: LocalResponse = { status: 463, contentType: '', body: '' }
/** Addresses in X-Forwarded-For that ALB takes. */
const forwardedForMax = 30

type ForwardAction = RuleAction & { readonly type: 'forward' }

/** What a listener does with each request, by its rules. The rules may be replaced while connections stay. */
export class ListenerRouter implements Router {
  readonly serverName = 'awselb/2.0'
  requestCount = 0
  readonly traffic: TrafficMeter
  spec: ListenerSpec
  private matcher: RuleMatcher
  private readonly groupOf: (id: string) => TargetGroup | undefined
  private readonly sink: AccessLogSink | undefined
  private turn = 0

  constructor(
    spec: ListenerSpec,
    groupOf: (id: string) => TargetGroup | undefined,
    sink?: AccessLogSink,
  ) {
    this.spec = spec
    this.sink = sink
    this.traffic = new TrafficMeter(spec.balancerId)
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

  get keepAliveMilliseconds(): number {
    return (this.spec.http ?? behaviourDefault).clientKeepAliveSeconds * 1000
  }

  responded(status: number): void {
    this.traffic.respond(status)
  }

  weigh(classification: Classification): Verdict {
    this.traffic.strange()
    return verdictOn(this.spec.http?.desyncMode, classification)
  }

  newRecord(client: Client, socket: Socket): AccessRecord | undefined {
    const { spec, sink } = this
    if (spec.accessLog === undefined || sink === undefined) return undefined
    return new AccessRecord({ listener: spec, sink }, client, socket)
  }

  /** Of a connection that is about to begin TLS before a target of connections. */
  newConnectionRecord(client: Client, socket: TLSSocket): ConnectionRecord | undefined {
    const { spec, sink } = this
    if (spec.accessLog?.form !== 'network' || sink === undefined) return undefined
    return new SecuredRecord({ listener: spec, sink }, client, socket)
  }

  route(head: RequestHead, client: Client, record?: AccessRecord): Route {
    this.requestCount++
    const rule = this.matcher(head, client)
    if (rule === undefined) return { type: 'respond', response: errorPage(503) }
    if (this.isTooFarAway(head)) return { type: 'respond', response: wayTooLong }
    const route = this.act(rule, head, client, record)
    record?.routed(rule, head, route)
    return route
  }

  private isTooFarAway(head: RequestHead): boolean {
    const way = headerOf(head, 'x-forwarded-for')
    if (way === undefined || this.spec.balancerId.startsWith('classic/')) return false
    return way.length > forwardedForMax && way.split(',').length > forwardedForMax
  }

  /** Of a TCP listener: the target of one connection, by the last rule alone. */
  targetOfConnection({ address }: Client): (tried: ReadonlySet<Upstream>) => Upstream | undefined {
    this.requestCount++
    return this.groupOfConnections()?.chooserOf(address) ?? (() => undefined)
  }

  /** Of a TCP listener: what its target is told of a client, if it is to be told. */
  preambleFor(client: Client): Buffer | undefined {
    if (this.groupOfConnections()?.proxyProtocol === undefined) return undefined
    return proxyPreamble(client, this.spec)
  }

  private groupOfConnections(): TargetGroup | undefined {
    const action = this.spec.rules.at(-1)?.action
    const first = action?.type === 'forward' ? action.targetGroups[0] : undefined
    return first && this.groupOf(first.targetGroupId)
  }

  private act(
    { action }: ListenerRule,
    head: RequestHead,
    client: Client,
    record: AccessRecord | undefined,
  ): Route {
    switch (action.type) {
      case 'fixed-response':
        this.traffic.ruled(action.type)
        return {
          type: 'respond',
          response: {
            status: action.statusCode,
            contentType: action.contentType,
            body: action.body,
          },
        }
      case 'redirect':
        this.traffic.ruled(action.type)
        return { type: 'respond', response: redirectResponse(action, head, this.spec) }
      case 'forward':
        return this.forward(action, head, client, record)
    }
  }

  private forward(
    action: ForwardAction,
    head: RequestHead,
    client: Client,
    record: AccessRecord | undefined,
  ): Route {
    const behaviour = this.spec.http ?? behaviourDefault
    const group = this.pick(action, head)
    if (group !== undefined && !understands(group, head)) {
      return { type: 'respond', response: incompatible }
    }
    const choose = group?.chooserFor(head)
    if (group !== undefined) this.traffic.request(group.id)
    if (record !== undefined) record.targetGroupId = group?.id
    return {
      type: 'forward',
      head: forwardHead(head, {
        omitted: omittedOf(behaviour, head),
        added: forwardedLines(head, client, this.spec),
        dropsInvalid: behaviour.dropsInvalidHeaders,
        host: behaviour.namesPort === true ? withPort(head.host, this.spec.port) : head.host,
      }),
      choose: (tried: ReadonlySet<Upstream>) => choose?.(tried),
      ...(group && { answered: this.answeredOf(group.id) }),
      ...this.bindings(action, group),
      patienceMilliseconds: 0,
      unavailable: errorPage(503),
      isTransparent: false,
      ...(group?.version === undefined ? {} : { isStreamed: true as const }),
    }
  }

  private answeredOf(groupId: string): (status: number, milliseconds: number) => void {
    return (status, milliseconds) => this.traffic.answer(groupId, status, milliseconds)
  }

  /** The cookies that keep a client with its group and its target, when either is asked for. */
  private bindings(
    action: ForwardAction,
    group: TargetGroup | undefined,
  ): { answerLines?(upstream: Upstream, answer: ResponseHead): string } {
    const { stickySeconds } = action
    if (group === undefined || (stickySeconds === undefined && !group.isSticky)) return {}
    return {
      answerLines(upstream, answer) {
        const now = Date.now()
        const groupLines =
          stickySeconds === undefined
            ? ''
            : stickyGroupLines(stickyMark(group.id), stickySeconds, now)
        return groupLines + group.stickyLines(upstream, answer, now)
      },
    }
  }

  /** Weighted: each group's share of the turns is its weight's share of the sum. */
  private pick(action: ForwardAction, head: RequestHead): TargetGroup | undefined {
    const groups = action.targetGroups
    const [first] = groups
    if (first === undefined) return undefined
    if (groups.length === 1) return this.groupOf(first.targetGroupId)
    const kept = action.stickySeconds === undefined ? undefined : stickyGroupOf(head, Date.now())
    const bound = groups.find(
      (group) => group.weight > 0 && stickyMark(group.targetGroupId) === kept,
    )
    if (kept !== undefined && bound !== undefined) return this.groupOf(bound.targetGroupId)
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
}

/** What of a head is for no target. */
function omittedOf(behaviour: HttpBehaviour, { suspicious }: RequestHead): ReadonlySet<string> {
  const omitted = omittedHeaders(behaviour)
  return suspicious === undefined ? omitted : new Set([...omitted, ...suspicious])
}

/** A Host that names no port, with this one. */
function withPort(host: string, port: number): string {
  return host === '' || hostNameOf(host) !== host ? host : `${host}:${port}`
}

/** HTTP/2 comes from clients that speak it; gRPC goes to no HTTP/1.1, and nothing but POST to gRPC. */
function understands({ version }: TargetGroup, { stream, method }: RequestHead): boolean {
  if (version === undefined) return stream?.isGrpc !== true
  return stream !== undefined && (version === 'http2' || method === 'POST')
}
