import { once } from 'node:events'
import { connect } from 'node:tls'

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
const endStream = 0x01
const endHeaders = 0x04

/** Names and values as they are put on the wire, whatever is in them. */
export type RawFields = readonly (readonly [name: string, value: string])[]

/** One request of HTTP/2 in frames of our own making. */
export interface RawRequest {
  readonly fields: RawFields
  /** The frames of its body; none: the head is the whole. */
  readonly body?: readonly string[]
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** A length below 2^14 with a prefix of seven bits (RFC 7541 §5.1). */
function length(value: number): Buffer {
  if (value < 127) return Buffer.from([value])
  const rest = value - 127
  return rest < 128 ? Buffer.from([127, rest]) : Buffer.from([127, (rest & 127) | 128, rest >> 7])
}

/** Literal fields that are neither indexed nor compressed. */
function block(fields: RawFields): Buffer {
  return Buffer.concat(
    fields.flatMap(([name, value]) => {
      const [key, text] = [Buffer.from(name, 'latin1'), Buffer.from(value, 'latin1')]
      return [Buffer.from([0]), length(key.length), key, length(text.length), text]
    }),
  )
}

/** Sends the request on a connection of its own; resolves when the far end has said something of it, or closed. */
export async function sendRaw(port: number, ca: string, request: RawRequest): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', ca, servername: 'a', ALPNProtocols: ['h2'] })
  socket.on('error', () => undefined)
  await once(socket, 'secureConnect')
  const body = request.body ?? []
  const flags = endHeaders | (body.length === 0 ? endStream : 0)
  socket.write(
    Buffer.concat([
      Buffer.from(preface),
      frame(4, 0, 0, Buffer.alloc(0)),
      frame(1, flags, 1, block(request.fields)),
      ...body.map((part, at) =>
        frame(0, at === body.length - 1 ? endStream : 0, 1, Buffer.from(part, 'latin1')),
      ),
    ]),
  )
  let received = Buffer.alloc(0)
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, 2000)
    const finish = (): void => {
      clearTimeout(timer)
      resolve()
    }
    socket.on('close', finish).on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes])
      if (hasVerdict(received)) finish()
    })
  })
  socket.destroy()
}

/** A head, a reset or a farewell has come. */
function hasVerdict(received: Buffer): boolean {
  let at = 0
  while (at + 9 <= received.length) {
    const type = received.readUInt8(at + 3)
    if (type === 1 || type === 3 || type === 7) return true
    at += 9 + received.readUIntBE(at, 3)
  }
  return false
}
