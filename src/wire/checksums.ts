import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** A checksum in the making. */
export interface Checksum {
  update(bytes: Uint8Array): void
  /** Base64, as the headers carry it. */
  digest(): string
}

/** What an upload may carry, by header; the makers of S3's five algorithms and of Content-MD5. */
export const checksumMakers: Readonly<Record<string, () => Checksum>> = {
  'x-amz-checksum-crc32': () => crc32Checksum(),
  'x-amz-checksum-crc32c': () => crc32cChecksum(),
  'x-amz-checksum-crc64nvme': () => crc64nvmeChecksum(),
  'x-amz-checksum-sha1': () => hashChecksum('sha1'),
  'x-amz-checksum-sha256': () => hashChecksum('sha256'),
  'content-md5': () => hashChecksum('md5'),
}

/** The names in messages: `CRC32`, `Content-MD5`. */
export function checksumTitle(header: string): string {
  return header === 'content-md5'
    ? 'Content-MD5'
    : header.slice('x-amz-checksum-'.length).toUpperCase()
}

function hashChecksum(algorithm: string): Checksum {
  const hash = createHash(algorithm)
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => hash.digest('base64'),
  }
}

function crc32Checksum(): Checksum {
  let value = 0
  return {
    update(bytes) {
      value = crc32(bytes, value)
    },
    digest: () => bigEndian([value]),
  }
}

/** Castagnoli, reflected. */
const crc32cPolynomial = 0x82f63b78
let crc32cTable: Uint32Array | undefined

function crc32cChecksum(): Checksum {
  crc32cTable ??= tableOf(crc32cPolynomial)
  const table = crc32cTable
  let value = ~0
  return {
    update(bytes) {
      let crc = value
      for (let at = 0; at < bytes.length; at++) {
        crc = table[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8)
      }
      value = crc
    },
    digest: () => bigEndian([~value >>> 0]),
  }
}

function tableOf(polynomial: number): Uint32Array {
  const table = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    table[byte] = crc >>> 0
  }
  return table
}

/** NVMe's 64-bit polynomial, reflected; kept in two halves, because JavaScript's bit operations have 32 bits. */
const crc64nvmePolynomial = 0x9a6c9329ac4bc9b5n
let crc64Tables: { readonly high: Uint32Array; readonly low: Uint32Array } | undefined

function crc64nvmeChecksum(): Checksum {
  crc64Tables ??= crc64TablesOf(crc64nvmePolynomial)
  const { high: highTable, low: lowTable } = crc64Tables
  let high = 0xffffffff
  let low = 0xffffffff
  return {
    update(bytes) {
      for (let at = 0; at < bytes.length; at++) {
        const index = (low ^ bytes[at]!) & 0xff
        low = ((low >>> 8) | (high << 24)) ^ lowTable[index]!
        high = (high >>> 8) ^ highTable[index]!
      }
    },
    digest: () => bigEndian([~high >>> 0, ~low >>> 0]),
  }
}

function crc64TablesOf(polynomial: bigint): { high: Uint32Array; low: Uint32Array } {
  const high = new Uint32Array(256)
  const low = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n
    high[byte] = Number(crc >> 32n)
    low[byte] = Number(crc & 0xffffffffn)
  }
  return { high, low }
}

function bigEndian(words: readonly number[]): string {
  const bytes = Buffer.alloc(words.length * 4)
  for (const [index, word] of words.entries()) bytes.writeUInt32BE(word, index * 4)
  return bytes.toString('base64')
}
