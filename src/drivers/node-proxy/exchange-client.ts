import type { AccessRecord } from './access-record.ts'
import type { BodyReader } from './body-reader.ts'
import type { LocalResponse } from './local-response.ts'
import type { RequestHead } from './request-head.ts'
import type { ResponseHead } from './response-head.ts'
import type { Router } from './route.ts'

/** Whom an exchange answers: a client's connection, or one stream of it. */
export interface ExchangeClient {
  readonly router: Router
  /** Of the request, when requests are recorded. */
  readonly record?: AccessRecord | undefined
  /** No further request is read after this one. */
  readonly shouldCloseAfter: boolean
  /**
   * Where answers are no HTTP/1.1 text: takes a head as it was read, `added` lines with their CR LF; what is written after it is the
   * body without any framing.
   */
  answerHead?(head: ResponseHead, added: string): void
  /** Takes the content over. False when the client does not read as fast as we write. */
  write(content: Buffer | string): boolean
  cork(): void
  uncork(): void
  /** Stops or goes on reading: the target does not read as fast as the client writes. */
  holdBack(isHeldBack: boolean): void
  /** Reads on from what is held. */
  pump(): void
  /** Our own answer to a request whose body may be unread. */
  respondInstead(response: LocalResponse, head: RequestHead, body: BodyReader): void
  /** The answer is sent. `body` is what the request still has to send, if anything. */
  done(isLast: boolean, body: BodyReader): void
  close(): void
  /** Cuts it: the client must not take what it has for the whole. */
  destroy(): void
  endTunnel(): void
}
