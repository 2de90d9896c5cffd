import { invalidRange } from './errors.ts'

export interface ByteRange {
  readonly start: number
  /** Inclusive. */
  readonly end: number
}

/**
 * The bytes that a `Range` header asks for; undefined for the whole object, also when the header is not one that S3 knows (several
 * ranges, another unit). Throws `InvalidRange` when no byte of it exists.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '')
  if (!header || !match) return undefined
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return undefined
  if (first === '') {
    const count = Math.min(Number(last), size)
    if (count === 0) throw invalidRange(header, size)
    return { start: size - count, end: size - 1 }
  }
  const start = Number(first)
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (last !== '' && Number(last) < start) return undefined
  if (start >= size) throw invalidRange(header, size)
  return { start, end }
}
