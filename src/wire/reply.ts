import type { Readable } from 'node:stream'

/** An answer before it meets a connection. */
export interface Reply {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string | Buffer | Readable
}
