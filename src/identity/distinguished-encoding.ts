/** The few kinds of DER (X.690) that certificates and signed messages are made of. */
function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content])
}

export const sequence = (...contents: readonly Uint8Array[]): Buffer => element(0x30, ...contents)
export const set = (...contents: readonly Uint8Array[]): Buffer => element(0x31, ...contents)
export const octets = (content: Uint8Array): Buffer => element(0x04, content)
export const bits = (content: Uint8Array): Buffer => element(0x03, Buffer.from([0]), content)
export const text = (content: string): Buffer => element(0x0c, Buffer.from(content))
/** `[number] EXPLICIT`. */
export const context = (number: number, ...contents: readonly Uint8Array[]): Buffer =>
  element(0xa0 + number, ...contents)
/** `[number] IMPLICIT` of a kind that is not made of others. */
export const implicit = (number: number, content: Uint8Array): Buffer =>
  element(0x80 + number, content)
export const truth: Buffer = Buffer.from([1, 1, 0xff])
export const nothing: Buffer = Buffer.from([5, 0])

export function integer(bytes: Uint8Array): Buffer {
  const isNegative = ((bytes[0] ?? 0) & 0x80) !== 0
  return element(0x02, isNegative ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

/** `YYYYMMDDHHMMSSZ` of a UTC time in milliseconds. */
export function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/\.\d+|[-:T]/g, '')
  return element(0x18, Buffer.from(digits))
}

/** As certificates write times: two digits of the year until 2049 (RFC 5280 §4.1.2.5). */
export function validityTime(milliseconds: number): Buffer {
  if (new Date(milliseconds).getUTCFullYear() >= 2050) return time(milliseconds)
  const digits = new Date(milliseconds).toISOString().replace(/\.\d+|[-:T]/g, '')
  return element(0x17, Buffer.from(digits.slice(2)))
}

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const arc of rest) {
    const groups = [arc & 0x7f]
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return element(0x06, Buffer.from(bytes))
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes: number[] = []
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256)
  return Buffer.from([0x80 | bytes.length, ...bytes])
}

/** The elements inside a constructed element, each whole with its tag and length. */
export function contentsOf(whole: Buffer): readonly Buffer[] {
  const found: Buffer[] = []
  const { start, end } = extentOf(whole, 0)
  for (let at = start; at < end;) {
    const next = extentOf(whole, at).end
    found.push(whole.subarray(at, next))
    at = next
  }
  return found
}

/** Where an element's content begins and ends. */
function extentOf(bytes: Buffer, at: number): { start: number; end: number } {
  const short = bytes.readUInt8(at + 1)
  if (short < 0x80) return { start: at + 2, end: at + 2 + short }
  const lengthBytes = short & 0x7f
  const start = at + 2 + lengthBytes
  return { start, end: start + bytes.readUIntBE(at + 2, lengthBytes) }
}
