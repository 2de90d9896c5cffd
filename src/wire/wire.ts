import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../kernel/clock.ts'
import type { Log } from '../kernel/ports.ts'
import type { Random } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Caller, CredentialSource, MachineSource } from './authenticate.ts'
import type { Reply } from './reply.ts'
import type { Service } from './service.ts'

export interface WireOptions {
  readonly services: readonly Service[]
  readonly modelsDirectory?: string
  /** Off: nothing is checked, and unsigned calls are the account's root. */
  readonly authentication: 'on' | 'off'
  readonly credentials: CredentialSource
  readonly machines?: MachineSource
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Where unsigned calls go. */
  readonly defaults: Scope
}

export interface RequestBody extends AsyncIterable<Uint8Array> {
  /** The whole of it, or undefined when it has more than `bytesMax`; where there is a quicker way than piece by piece. */
  collect?(bytesMax: number): Promise<Buffer | undefined>
}

/** A request before it met any protocol. */
export interface WireRequest {
  readonly method: string
  /** Path and query, as on the request line. */
  readonly url: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: RequestBody
  readonly clientAddress: string
  readonly signal: AbortSignal
  /** Who asks, where that was found out otherwise than by a signature of this request. */
  readonly caller?: Caller
}

export interface Wire {
  /** A listener for `request` and `checkContinue` of a node:http server. Never rejects. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  /** The same without a connection. Never rejects: what goes wrong is an error reply. */
  exchange(request: WireRequest): Promise<Reply>
  /** Members that no model knows and that were ignored, by `service.Operation`. */
  readonly unknownMembers: ReadonlyMap<string, number>
}
