import { emptyMap, type Decoding } from './decoding.ts'
import { Malformed } from './malformed.ts'
import type { Fields, Shape, StructureShape } from './shape.ts'
import { readTimestamp } from './timestamps.ts'
import { isObject } from './json-decode.ts'

const indefinite = 31
const breakByte = 0xff
const epochTag = 1

/** One CBOR item (RFC 8949): maps become objects without a prototype, tag 1 becomes a Date, undefined becomes null. */
export function readCbor(bytes: Buffer, decoding: Decoding): unknown {
  if (bytes.length === 0) return {}
  const reader = new CborReader(bytes, decoding)
  const item = reader.item()
  if (!reader.isAtEnd) throw new Malformed('bytes follow the CBOR item')
  return item
}

class CborReader {
  readonly #bytes: Buffer
  readonly #decoding: Decoding
  #at = 0

  constructor(bytes: Buffer, decoding: Decoding) {
    this.#bytes = bytes
    this.#decoding = decoding
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  item(): unknown {
    const initial = this.#take(1)[0]!
    const major = initial >> 5
    const detail = initial & 31
    if (major === 0) return this.#length(detail)
    if (major === 1) return -1 - this.#length(detail)
    if (major === 2) return this.#string(detail, 2)
    if (major === 3) return textOf(this.#string(detail, 3))
    if (major === 7) return this.#simple(detail)
    this.#decoding.enter()
    const value =
      major === 4 ? this.#list(detail) : major === 5 ? this.#map(detail) : this.#tag(detail)
    this.#decoding.leave()
    return value
  }

  #take(count: number): Buffer {
    const end = this.#at + count
    if (!(end <= this.#bytes.length)) throw new Malformed('the CBOR ends too early')
    const taken = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }

  #length(detail: number): number {
    if (detail < 24) return detail
    if (detail === 24) return this.#take(1)[0]!
    if (detail === 25) return this.#take(2).readUInt16BE()
    if (detail === 26) return this.#take(4).readUInt32BE()
    if (detail === 27) return Number(this.#take(8).readBigUInt64BE())
    throw new Malformed('a CBOR length is not valid')
  }

  #isBreak(): boolean {
    if (this.#bytes[this.#at] !== breakByte) return false
    this.#at += 1
    return true
  }

  #string(detail: number, major: number): Buffer {
    if (detail !== indefinite) return this.#take(this.#length(detail))
    const parts: Buffer[] = []
    while (!this.#isBreak()) {
      const initial = this.#take(1)[0]!
      if (initial >> 5 !== major) throw new Malformed('a part of a CBOR string is not one')
      parts.push(this.#take(this.#length(initial & 31)))
    }
    return Buffer.concat(parts)
  }

  #list(detail: number): unknown[] {
    const items: unknown[] = []
    if (detail === indefinite) {
      while (!this.#isBreak()) items.push(this.item())
      return items
    }
    for (let left = this.#length(detail); left > 0; left--) items.push(this.item())
    return items
  }

  #map(detail: number): Fields {
    const map = emptyMap()
    if (detail === indefinite) {
      while (!this.#isBreak()) this.#entry(map)
      return map
    }
    for (let left = this.#length(detail); left > 0; left--) this.#entry(map)
    return map
  }

  #entry(map: Fields): void {
    const key = this.item()
    if (typeof key !== 'string') throw new Malformed('a CBOR key is not text')
    map[key] = this.item()
  }

  #tag(detail: number): unknown {
    const tag = this.#length(detail)
    const value = this.item()
    return tag === epochTag ? readTimestamp(value) : value
  }

  #simple(detail: number): unknown {
    if (detail === 20) return false
    if (detail === 21) return true
    if (detail === 22 || detail === 23) return null
    if (detail === 25) return halfFloat(this.#take(2).readUInt16BE())
    if (detail === 26) return this.#take(4).readFloatBE()
    if (detail === 27) return this.#take(8).readDoubleBE()
    throw new Malformed('a CBOR simple value is not known')
  }
}

const shortTextBytes = 24

/** Most texts are short ASCII, for which the general decoder is the slow way. */
function textOf(bytes: Buffer): string {
  if (bytes.length > shortTextBytes) return bytes.toString('utf8')
  let text = ''
  for (const byte of bytes) {
    if (byte > 0x7f) return bytes.toString('utf8')
    text += String.fromCharCode(byte)
  }
  return text
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** A read item as the shape's typed value. */
function decodeCbor(shape: Shape, value: unknown, decoding: Decoding): unknown {
  switch (shape.kind) {
    case 'timestamp':
      return value instanceof Date ? value : readTimestamp(value)
    case 'list': {
      if (!Array.isArray(value)) throw new Malformed('a list is expected')
      const items: readonly unknown[] = value
      return items.map((item) =>
        item === null ? null : decodeCbor(shape.item.shape, item, decoding),
      )
    }
    case 'map': {
      if (!isObject(value)) throw new Malformed('a map is expected')
      const decoded = emptyMap()
      for (const [key, item] of Object.entries(value)) {
        if (item !== null) decoded[key] = decodeCbor(shape.value.shape, item, decoding)
      }
      return decoded
    }
    case 'structure':
      return decodeCborStructure(shape, value, decoding)
    case 'string':
    case 'number':
    case 'boolean':
      if (typeof value === shape.kind) return value
      throw new Malformed(`a ${shape.kind} is expected`)
    case 'blob':
      if (value instanceof Uint8Array) return value
      throw new Malformed('a blob is expected')
    case 'bigNumber':
      return String(value)
    case 'document':
      return value
  }
}

export function decodeCborStructure(
  shape: StructureShape,
  value: unknown,
  decoding: Decoding,
): Fields {
  if (!isObject(value)) throw new Malformed('a structure is expected')
  const decoded: Fields = {}
  for (const [name, item] of Object.entries(value)) {
    if (item === null) continue
    const member = shape.byName.get(name)
    if (member) decoded[name] = decodeCbor(member.shape, item, decoding)
    else decoding.unknownMembers += 1
  }
  return decoded
}
