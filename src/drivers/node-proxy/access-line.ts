import type { ListenerSpec } from '../../protocol/gateway.ts'
import type { Classification } from './desync.ts'
import { hostNameOf } from './rules.ts'

/** What is known of one request when it is over. Times are in milliseconds; absent is what did not happen. */
export interface AccessFacts {
  readonly client: { readonly address: string; readonly port: number }
  /** Absent of a request whose head could not be read. */
  readonly request?: {
    readonly method: string
    readonly target: string
    readonly host: string
    /** `HTTP/1.1` */
    readonly version: string
    readonly userAgent: string | undefined
    readonly isWebSocket: boolean
    /** Of HTTP/2. */
    readonly stream?: { readonly isGrpc: boolean }
  }
  readonly createdAt: number
  readonly endedAt: number
  /** Until a target was sent it, until that began to answer, until the answer began to go on. */
  readonly requestMilliseconds?: number
  readonly targetMilliseconds?: number
  readonly answerMilliseconds?: number
  /** `10.0.0.1:80` */
  readonly target?: string
  readonly status: number
  readonly targetStatus?: number
  readonly received: number
  readonly sent: number
  /** Of those, what is a body's. */
  readonly receivedBody: number
  readonly sentBody: number
  readonly tls?: TlsFacts
  readonly targetGroupId?: string
  readonly traceId?: string
  readonly ruleId?: string
  readonly action?: string
  readonly redirectUrl?: string
  /** How far it is from what RFC 7230 lets a request be. */
  readonly classification?: Classification
  readonly connectionId: string
}

export interface TlsFacts {
  readonly cipher: string
  readonly protocol: string
  /** As the client asked. */
  readonly name: string | undefined
  /** `session-reused` when the client came back with what it had. */
  readonly certificate: string
}

/** Longer texts of clients are cut, as ALB cuts user agents. */
const textMax = 8192

/**
 * A line of an Application Load Balancer's access log, up to the field of connections' ids
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html).
 */
export function applicationLine(listener: ListenerSpec, facts: AccessFacts): string {
  const { accessLog, protocol } = listener
  const { tls, request } = facts
  const group = facts.targetGroupId && accessLog?.groupArns[facts.targetGroupId]
  const target = facts.target ?? '-'
  const targetStatus = facts.targetStatus ?? '-'
  const [kind = '-', reason = '-'] = facts.classification ?? []
  return [
    typeOf(protocol, request),
    stamp(facts.endedAt),
    accessLog?.balancerName ?? '-',
    `${facts.client.address}:${facts.client.port}`,
    target,
    duration(facts.requestMilliseconds, 3),
    duration(facts.targetMilliseconds, 3),
    duration(facts.answerMilliseconds, 3),
    facts.status === 0 ? '-' : facts.status,
    targetStatus,
    facts.received,
    facts.sent,
    quoted(requestText(listener, facts)),
    quoted(request?.userAgent),
    tls?.cipher ?? '-',
    tls?.protocol ?? '-',
    group ?? '-',
    quoted(facts.traceId),
    quoted(tls?.name),
    quoted(tls?.certificate),
    priorityOf(listener, facts),
    stamp(facts.createdAt),
    quoted(facts.action),
    quoted(facts.redirectUrl),
    '"-"',
    quoted(facts.target),
    quoted(facts.targetStatus === undefined ? undefined : String(facts.targetStatus)),
    quoted(kind),
    quoted(reason),
    facts.connectionId,
  ].join(' ')
}

/** 0 is the default rule's; a request that no rule could be asked about has -1. */
function priorityOf({ accessLog }: ListenerSpec, { ruleId }: AccessFacts): string {
  return ruleId === undefined ? '-1' : String(accessLog?.priorities[ruleId] ?? 0)
}

/**
 * A line of a classic balancer's access log
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html).
 */
export function classicLine(listener: ListenerSpec, facts: AccessFacts): string {
  const { tls, request } = facts
  const isHttp = listener.protocol === 'http' || listener.protocol === 'https'
  return [
    stamp(facts.createdAt),
    listener.accessLog?.balancerName ?? '-',
    `${facts.client.address}:${facts.client.port}`,
    facts.target ?? '-',
    duration(facts.requestMilliseconds, 6),
    duration(facts.targetMilliseconds, 6),
    duration(facts.answerMilliseconds, 6),
    isHttp && facts.status > 0 ? facts.status : '-',
    isHttp ? (facts.targetStatus ?? '-') : '-',
    facts.receivedBody,
    facts.sentBody,
    isHttp ? quoted(requestText(listener, facts)) : '"- - - "',
    quoted(request?.userAgent),
    tls?.cipher ?? '-',
    tls?.protocol ?? '-',
  ].join(' ')
}

/** `GET http://www.example.com:80/path HTTP/1.1`: the listener's own port. */
function requestText(listener: ListenerSpec, { request }: AccessFacts): string {
  const { protocol, port, accessLog } = listener
  if (request === undefined) return `- ${protocol}://${accessLog?.dnsName ?? '-'}:${port}- -`
  const host = hostNameOf(request.host) || (accessLog?.dnsName ?? '-')
  return `${request.method} ${protocol}://${host}:${port}${request.target} ${request.version}`
}

function stamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, -1)}000Z`
}

function duration(milliseconds: number | undefined, digits: number): string {
  return milliseconds === undefined ? '-1' : (milliseconds / 1000).toFixed(digits)
}

/** Whatever could end a field or a line is written as `\x22`, as ALB does. */
function quoted(text: string | undefined): string {
  if (text === undefined || text === '') return '"-"'
  const cut = text.length > textMax ? text.slice(0, textMax) : text
  if (/^[ !#-[\]-~]*$/.test(cut)) return `"${cut}"`
  const escaped = cut.replaceAll(
    /[^ !#-[\]-~]/g,
    (character) => `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`,
  )
  return `"${escaped}"`
}

function typeOf(protocol: string, request: AccessFacts['request']): string {
  if (request?.stream !== undefined) return request.stream.isGrpc ? 'grpcs' : 'h2'
  return request?.isWebSocket === true ? (protocol === 'https' ? 'wss' : 'ws') : protocol
}
