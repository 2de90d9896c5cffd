import { bytesOf, isAbsent, plainText } from './json-encode.ts'
import type { Fields, Shape, StructureShape } from './shape.ts'
import { dateOf } from './timestamps.ts'

const nullByte = 0xf6
const falseByte = 0xf4
const trueByte = 0xf5
const epochTagByte = 0xc1
const doubleByte = 0xfb
const headBytesMax = 9

/** A structure as CBOR. `extra` are text members that come first, such as an error's `__type`. */
export function encodeCbor(
  shape: StructureShape,
  value: Fields,
  extra: Readonly<Record<string, string>> = {},
): Buffer {
  const writer = new CborWriter()
  writeStructure(writer, shape, value, Object.entries(extra))
  return writer.finish()
}

class CborWriter {
  #bytes = Buffer.allocUnsafe(1024)
  #at = 0

  finish(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#at))
  }

  byte(value: number): void {
    this.#need(1)
    this.#bytes[this.#at++] = value
  }

  head(major: number, length: number): void {
    this.#need(headBytesMax)
    const top = major << 5
    if (length < 24) this.#bytes[this.#at++] = top | length
    else if (length < 0x100) {
      this.#bytes[this.#at++] = top | 24
      this.#bytes[this.#at++] = length
    } else if (length < 0x10000) {
      this.#bytes[this.#at++] = top | 25
      this.#at = this.#bytes.writeUInt16BE(length, this.#at)
    } else if (length < 0x100000000) {
      this.#bytes[this.#at++] = top | 26
      this.#at = this.#bytes.writeUInt32BE(length, this.#at)
    } else {
      this.#bytes[this.#at++] = top | 27
      this.#at = this.#bytes.writeBigUInt64BE(BigInt(length), this.#at)
    }
  }

  number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) this.double(value)
    else if (value >= 0) this.head(0, value)
    else this.head(1, -1 - value)
  }

  double(value: number): void {
    this.#need(headBytesMax)
    this.#bytes[this.#at++] = doubleByte
    this.#at = this.#bytes.writeDoubleBE(value, this.#at)
  }

  text(value: string): void {
    const length = Buffer.byteLength(value)
    this.head(3, length)
    this.#need(length)
    this.#at += this.#bytes.write(value, this.#at)
  }

  blob(value: Buffer): void {
    this.head(2, value.length)
    this.#need(value.length)
    this.#bytes.set(value, this.#at)
    this.#at += value.length
  }

  #need(count: number): void {
    if (this.#at + count <= this.#bytes.length) return
    const wider = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + count))
    this.#bytes.copy(wider, 0, 0, this.#at)
    this.#bytes = wider
  }
}

function write(writer: CborWriter, shape: Shape, value: unknown): void {
  if (isAbsent(value)) return writer.byte(nullByte)
  switch (shape.kind) {
    case 'string':
    case 'bigNumber':
      return writer.text(plainText(value))
    case 'number':
      return shape.traits.double ? writer.double(Number(value)) : writer.number(Number(value))
    case 'boolean':
      return writer.byte(value ? trueByte : falseByte)
    case 'timestamp':
      writer.byte(epochTagByte)
      return writer.double(dateOf(value).getTime() / 1000)
    case 'blob':
      return writer.blob(bytesOf(value))
    case 'list': {
      const items = value as readonly unknown[]
      writer.head(4, items.length)
      for (const item of items) write(writer, shape.item.shape, item)
      return
    }
    case 'map': {
      const entries = Object.entries(value as Fields)
      writer.head(5, entries.length)
      for (const [key, item] of entries) {
        writer.text(key)
        write(writer, shape.value.shape, item)
      }
      return
    }
    case 'structure':
      return writeStructure(writer, shape, value as Fields, [])
    case 'document':
      return writeDocument(writer, value)
  }
}

function writeStructure(
  writer: CborWriter,
  shape: StructureShape,
  value: Fields,
  extra: readonly (readonly [string, string])[],
): void {
  const members = shape.members.filter((member) => !isAbsent(value[member.name]))
  writer.head(5, members.length + extra.length)
  for (const [name, text] of extra) {
    writer.text(name)
    writer.text(text)
  }
  for (const member of members) {
    writer.text(member.name)
    write(writer, member.shape, value[member.name])
  }
}

/** A value without a shape. */
function writeDocument(writer: CborWriter, value: unknown): void {
  if (isAbsent(value)) writer.byte(nullByte)
  else if (typeof value === 'string') writer.text(value)
  else if (typeof value === 'number') writer.number(value)
  else if (typeof value === 'boolean') writer.byte(value ? trueByte : falseByte)
  else if (Array.isArray(value)) {
    const items: readonly unknown[] = value
    writer.head(4, items.length)
    for (const item of items) writeDocument(writer, item)
  } else {
    const entries = Object.entries(value)
    writer.head(5, entries.length)
    for (const [key, item] of entries) {
      writer.text(key)
      writeDocument(writer, item)
    }
  }
}
