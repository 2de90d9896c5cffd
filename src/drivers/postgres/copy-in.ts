import type { ClientBase, Connection, Submittable } from 'pg'

/**
 * Runs statements of which the one that copies from stdin gets these rows. They are one transaction, and travel with the rows in one write:
 * PostgreSQL reads what follows as rows when it comes to that statement, and skips it when it never does.
 */
export async function copyIn(client: ClientBase, statements: string, rows: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const frames = framesOf(statements, rows)
  client.query(
    new CopyIn(frames, (thrown) => {
      if (thrown) reject(thrown)
      else resolve()
    }),
  )
  return promise
}

/** One row of a copy in text form; undefined is null. */
export function copyRow(fields: readonly (string | number | undefined)[]): string {
  let row = ''
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at]
    if (at > 0) row += '\t'
    row += field === undefined ? '\\N' : typeof field === 'number' ? field : escaped(field)
  }
  return `${row}\n`
}

const special = /[\\\t\n\r]/
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
}

function escaped(text: string): string {
  if (!special.test(text)) return text
  return text.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character)
}

/** A query as `pg` drives it. */
class CopyIn implements Submittable {
  readonly #frames: Buffer
  readonly callback: (thrown: Error | null) => void

  constructor(frames: Buffer, callback: (thrown: Error | null) => void) {
    this.#frames = frames
    this.callback = callback
  }

  submit(connection: Connection): void {
    connection.stream.write(this.#frames)
  }

  /** The rows are on their way already. */
  handleCopyInResponse(): void {}

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.callback(null)
  }

  handleError(thrown: Error): void {
    this.callback(thrown)
  }
}

const query = 0x51
const copyData = 0x64
const copyDone = 0x63
/** A frame: its kind, and its length with these four bytes. */
const headBytes = 5

function framesOf(statements: string, rows: string): Buffer {
  const queryBytes = Buffer.byteLength(statements) + 1
  const rowBytes = Buffer.byteLength(rows)
  const frames = Buffer.allocUnsafe(3 * headBytes + queryBytes + rowBytes)
  let at = 0
  const head = (kind: number, bytes: number): void => {
    frames[at] = kind
    frames.writeInt32BE(bytes + 4, at + 1)
    at += headBytes
  }
  head(query, queryBytes)
  at += frames.write(statements, at)
  frames[at++] = 0
  head(copyData, rowBytes)
  at += frames.write(rows, at)
  head(copyDone, 0)
  return frames
}
