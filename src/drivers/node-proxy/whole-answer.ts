import { BodyReader } from './body-reader.ts'
import { parseResponseHead } from './response-head.ts'

export interface InnerAnswer {
  readonly status: number
  /** UTF-8. */
  readonly body: string
}

/** Reads a complete answer; undefined while it is not all there. For small answers of our own processes. */
export function readWholeAnswer(bytes: Buffer): InnerAnswer | 'broken' | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = parseResponseHead(bytes.toString('latin1', 0, end + 2))
  if (head === undefined) return 'broken'
  const reader = new BodyReader(head.status === 204 ? 0 : head.framing)
  const parts: Buffer[] = []
  reader.read(bytes, end + 4, (part) => parts.push(part))
  if (reader.broken) return 'broken'
  if (!reader.done) return undefined
  return { status: head.status, body: Buffer.concat(parts).toString('utf8') }
}
