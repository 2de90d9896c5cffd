import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { AccessRecord } from './access-record.ts'
import type { Classification, Verdict } from './desync.ts'
import type { LocalResponse } from './local-response.ts'
import type { RequestHead } from './request-head.ts'
import type { ResponseHead } from './response-head.ts'
import type { Upstream } from './upstream.ts'

/** Who sent a request: the connection's far end, or whom the edge named. One object for each connection. */
export interface Client {
  /** Of a client inside TLS, once its handshake is over. */
  readonly secured?: TLSSocket
  readonly address: string
  readonly port: number
}

/** Decides what becomes of each request. Called anew for every request of a kept-alive connection. */
export interface Router {
  route(head: RequestHead, client: Client, record?: AccessRecord): Route
  /** What becomes of a request that is not as RFC 7230 wants it; it passes when absent. */
  weigh?(classification: Classification): Verdict
  /** A record of the request that begins; none when nobody wants one. */
  newRecord?(client: Client, socket: Socket): AccessRecord | undefined
  /** Milliseconds without a byte before a connection is given up. */
  readonly idleMilliseconds: number
  /** Milliseconds after which a connection serves no new request; none when absent. */
  readonly keepAliveMilliseconds?: number
  /** We answered ourselves. */
  responded?(status: number): void
  /** The `Server` header of answers that we give ourselves. */
  readonly serverName: string
  /** The connection is over; what was kept for this client can go. */
  forget?(client: Client): void
}

export type Route = { readonly type: 'respond'; readonly response: LocalResponse } | ForwardRoute

export interface ForwardRoute {
  readonly type: 'forward'
  /** The request line and headers to send, without framing and without the final empty line. */
  readonly head: string
  /** The next upstream to try; undefined when there is none besides those that were tried. */
  choose(tried: ReadonlySet<Upstream>): Upstream | undefined
  /** An answer has begun, so many milliseconds after the request. */
  answered?(status: number, milliseconds: number): void
  /** Lines to add to the answer's head, each with its CR LF. */
  answerLines?(upstream: Upstream, answer: ResponseHead): string
  /** How long to go on trying when nothing could be connected to. */
  readonly patienceMilliseconds: number
  /** The answer when there is no upstream at all, or none took the connection. */
  readonly unavailable: LocalResponse
  /** Close the client's connection, rather than answer 502, when upstreams close theirs without an answer. */
  readonly isTransparent: boolean
  /** It goes on as HTTP/2, which is asked only of requests that came so. */
  readonly isStreamed?: true
}
