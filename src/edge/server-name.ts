/** What the beginning of a connection says of the name that its client wants. */
export type ServerName =
  | { readonly is: 'unfinished' }
  /** Not a greeting of TLS. */
  | { readonly is: 'foreign' }
  /** Lower case; undefined when the client names nobody. */
  | { readonly is: 'read'; readonly name: string | undefined }

/** The first byte of TLS: a record of a handshake. No request of HTTP begins so. */
export const handshakeRecord = 0x16
const clientHello = 1
const recordHeadBytes = 5
/** A greeting is one record or a few; what is longer is not one. */
const greetingBytesMax = 32 * 1024

/** Reads the name out of a client's greeting (RFC 8446 §4.1.2, RFC 6066 §3), of which `bytes` are there so far. */
export function readServerName(bytes: Buffer): ServerName {
  const parts: Buffer[] = []
  for (let at = 0; ;) {
    if (bytes.length < at + recordHeadBytes) break
    if (bytes[at] !== handshakeRecord) return { is: 'foreign' }
    const end = at + recordHeadBytes + bytes.readUInt16BE(at + 3)
    parts.push(bytes.subarray(at + recordHeadBytes, end))
    if (bytes.length < end) break
    at = end
  }
  const handshake = Buffer.concat(parts)
  if (handshake.length > 0 && handshake[0] !== clientHello) return { is: 'foreign' }
  const size = handshake.length < 4 ? undefined : handshake.readUIntBE(1, 3) + 4
  if (size !== undefined && size > greetingBytesMax) return { is: 'foreign' }
  if (size === undefined || handshake.length < size) {
    return { is: bytes.length > greetingBytesMax ? 'foreign' : 'unfinished' }
  }
  try {
    return { is: 'read', name: nameIn(handshake.subarray(4, size)) }
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
    return { is: 'foreign' }
  }
}

/** Lengths that lead beyond the end throw a RangeError. */
function nameIn(hello: Buffer): string | undefined {
  let at = 2 + 32
  at += 1 + hello.readUInt8(at)
  at += 2 + hello.readUInt16BE(at)
  at += 1 + hello.readUInt8(at)
  if (at === hello.length) return undefined
  const end = at + 2 + hello.readUInt16BE(at)
  at += 2
  while (at < end) {
    const type = hello.readUInt16BE(at)
    const length = hello.readUInt16BE(at + 2)
    if (type === 0) return hostNameIn(hello.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return undefined
}

/** The list has one name of the type `host_name`. */
function hostNameIn(list: Buffer): string | undefined {
  if (list.readUInt8(2) !== 0) return undefined
  const length = list.readUInt16BE(3)
  const name = list.toString('latin1', 5, 5 + length).toLowerCase()
  return /^[a-z0-9._-]{1,255}$/.test(name) ? name : undefined
}
