import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { ListenerRule, ListenerSpec } from '../../protocol/gateway.ts'
import { applicationLine, classicLine, type AccessFacts, type TlsFacts } from './access-line.ts'
import type { Classification } from './desync.ts'
import { headerOf } from './forward-head.ts'
import type { RequestHead } from './request-head.ts'
import type { Client, Route } from './route.ts'

/** Where lines go; it must not wait for anything. */
export interface AccessLogSink {
  write(listener: ListenerSpec, line: string): void
}

/** Who writes a record, and which certificate a name is shown. */
export interface AccessLog {
  readonly listener: ListenerSpec
  readonly sink: AccessLogSink
}

/** The client went away before it was answered. */
const clientClosed = 460

/** What is learned of one request, or of one connection of a TCP listener, while it is under way. */
export class AccessRecord {
  received = 0
  receivedBody = 0
  sent = 0
  targetGroupId: string | undefined
  private traceId: string | undefined
  private ruleId: string | undefined
  private action: string | undefined
  private redirectUrl: string | undefined
  private readonly log: AccessLog
  private readonly client: Client
  private readonly socket: Socket
  private readonly createdAt = Date.now()
  private readonly begunAt = performance.now()
  private head: RequestHead | undefined
  private classification: AccessFacts['classification']
  private target: string | undefined
  private sentAt: number | undefined
  private answeredAt: number | undefined
  private answerSentAt: number | undefined
  private status = 0
  private targetStatus: number | undefined
  private sentHead = 0
  private isWebSocket = false
  private isOver = false
  private tls: TlsFacts | undefined

  constructor(log: AccessLog, client: Client, socket: Socket) {
    this.log = log
    this.client = client
    this.socket = socket
    // A connection that has ended tells nothing any more.
    this.tls = tlsOf(socket, log.listener)
  }

  /** The head is read, and was so long. */
  begin(head: RequestHead, bytes: number): void {
    this.head = head
    this.classification = head.classification
    this.received = bytes
  }

  /** The head was refused. */
  reject(classification: Classification | undefined, bytes: number): void {
    this.classification = classification
    this.received = bytes
  }

  /** A rule was found, and what it does. */
  routed({ id, action }: ListenerRule, head: RequestHead, route: Route): void {
    this.ruleId = id
    this.action = action.type
    if (route.type === 'forward') {
      this.traceId = /\r\nX-Amzn-Trace-Id: ([^\r]*)\r\n/.exec(route.head)?.[1]
    } else {
      this.traceId = headerOf(head, 'x-amzn-trace-id')
      this.redirectUrl = route.response.headers?.find(([name]) => name === 'Location')?.[1]
    }
  }

  take(bytes: number): void {
    this.received += bytes
    this.receivedBody += bytes
  }

  /** It went to a target: the last one that it is tried on is the one that is told of. */
  dispatched(target: string | undefined): void {
    this.target = target
    this.sentAt = performance.now()
  }

  /** The target did not take it after all. */
  withdrawn(): void {
    this.sentAt = undefined
  }

  /** A target's answer has begun. */
  answered(status: number): void {
    this.answeredAt = performance.now()
    this.status = status
    this.targetStatus = status
    this.isWebSocket = status === 101
  }

  /** The answer's head is on its way to the client, so many bytes of what was sent. */
  answerBegun(headBytes: number): void {
    this.answerSentAt = performance.now()
    this.sentHead += headBytes
  }

  /** Bytes of a connection's target went on to its client; the first ones begin the answer. */
  relayed(bytes: number): void {
    this.sent += bytes
    this.answeredAt ??= performance.now()
    this.answerSentAt ??= performance.now()
  }

  /** The balancer answers by itself. */
  respond(status: number, text: string): void {
    this.status = status
    this.sent += Buffer.byteLength(text)
    this.sentHead += text.indexOf('\r\n\r\n') + 4
  }

  /** Nothing more happens: one line is written. */
  end(): void {
    if (this.isOver) return
    this.isOver = true
    const { listener, sink } = this.log
    const isClassic = listener.accessLog?.form === 'classic'
    const facts = this.facts()
    sink.write(
      listener,
      isClassic ? classicLine(listener, facts) : applicationLine(listener, facts),
    )
  }

  private facts(): AccessFacts {
    const { sentAt, answeredAt, answerSentAt, log } = this
    const isServed = sentAt !== undefined
    const isHttp = log.listener.protocol === 'http' || log.listener.protocol === 'https'
    return {
      client: this.client,
      ...this.request(),
      createdAt: this.createdAt,
      endedAt: Date.now(),
      ...(isServed && { requestMilliseconds: sentAt - this.begunAt }),
      ...(isServed && answeredAt !== undefined && { targetMilliseconds: answeredAt - sentAt }),
      ...(answeredAt !== undefined &&
        answerSentAt !== undefined && { answerMilliseconds: answerSentAt - answeredAt }),
      ...(this.target !== undefined && { target: this.target }),
      status: this.status === 0 && isHttp ? clientClosed : this.status,
      ...(this.targetStatus !== undefined && { targetStatus: this.targetStatus }),
      received: this.received,
      sent: this.sent,
      receivedBody: this.receivedBody,
      sentBody: Math.max(0, this.sent - this.sentHead),
      ...(this.tls && { tls: this.tls }),
      ...(this.targetGroupId !== undefined && { targetGroupId: this.targetGroupId }),
      ...(this.traceId !== undefined && { traceId: this.traceId }),
      ...(this.ruleId !== undefined && { ruleId: this.ruleId }),
      ...(this.action !== undefined && { action: this.action }),
      ...(this.redirectUrl !== undefined && { redirectUrl: this.redirectUrl }),
      ...(this.classification && { classification: this.classification }),
      connectionId: connectionIdOf(this.socket),
    }
  }

  private request(): Pick<AccessFacts, 'request'> {
    const { head } = this
    if (head === undefined) return {}
    return {
      request: {
        method: head.method,
        target: head.target,
        host: head.host,
        version: head.stream === undefined ? `HTTP/1.${head.minor}` : 'HTTP/2.0',
        userAgent: headerOf(head, 'user-agent'),
        isWebSocket: this.isWebSocket,
        ...(head.stream && { stream: head.stream }),
      },
    }
  }
}

const connectionIds = new WeakMap<Socket, string>()

/** Of a connection, as long as it stands. */
function connectionIdOf(socket: Socket): string {
  let id = connectionIds.get(socket)
  if (id === undefined) {
    id = `TID_${randomBytes(16).toString('hex')}`
    connectionIds.set(socket, id)
  }
  return id
}

const tlsKnown = new WeakMap<Socket, TlsFacts>()

function tlsOf(socket: Socket, listener: ListenerSpec): TlsFacts | undefined {
  if (!(socket instanceof TLSSocket)) return undefined
  const known = tlsKnown.get(socket)
  const protocol = socket.getProtocol()
  if (known !== undefined || protocol === null) return known
  const name = typeof socket.servername === 'string' ? socket.servername : undefined
  const tls = {
    cipher: socket.getCipher().name,
    protocol,
    name,
    certificate: socket.isSessionReused() ? 'session-reused' : certificateShownTo(name, listener),
  }
  tlsKnown.set(socket, tls)
  return tls
}

/** The ARN of the certificate for a name, as `TlsFront` chooses. */
export function certificateShownTo(name: string | undefined, { tls }: ListenerSpec): string {
  const certificates = tls?.certificates ?? []
  const lower = name?.toLowerCase() ?? ''
  const wildcard = `*${lower.slice(lower.indexOf('.'))}`
  const found =
    certificates.find((one) => one.names.includes(lower)) ??
    certificates.find((one) => one.names.includes(wildcard)) ??
    certificates[0]
  return found?.arn ?? '-'
}
