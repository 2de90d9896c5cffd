import type { Part } from '../../objects/stored-object.ts'
import { checksumMakers } from '../../wire/checksums.ts'
import type { Request } from '../../wire/service.ts'

/** The algorithms that the wire verifies, by header. */
const members = {
  'x-amz-checksum-crc32': 'ChecksumCRC32',
  'x-amz-checksum-crc32c': 'ChecksumCRC32C',
  'x-amz-checksum-crc64nvme': 'ChecksumCRC64NVME',
  'x-amz-checksum-sha1': 'ChecksumSHA1',
  'x-amz-checksum-sha256': 'ChecksumSHA256',
} as const

export const checksumMembers = {
  ChecksumCRC32: true,
  ChecksumCRC32C: true,
  ChecksumCRC64NVME: true,
  ChecksumSHA1: true,
  ChecksumSHA256: true,
} as const

/** What the client said, and the wire verified; complete once the body was read, as trailers come after it. */
export function checksumsOf(request: Request): Readonly<Record<string, string>> {
  const checksums: Record<string, string> = {}
  for (const [header, member] of Object.entries(members)) {
    const value = request.headers[header]
    if (value !== undefined) checksums[member] = value
  }
  return checksums
}

/** As members of an answer. */
export function checksumAnswer(checksums: Readonly<Record<string, string>>): {
  ChecksumType?: 'FULL_OBJECT' | 'COMPOSITE'
} {
  const [first] = Object.values(checksums)
  if (first === undefined) return {}
  return { ...checksums, ChecksumType: first.includes('-') ? 'COMPOSITE' : 'FULL_OBJECT' }
}

/** Those of all parts' checksums, one after another, for each algorithm that all parts came with; S3 knows none for CRC64NVME. */
export function checksumsOfParts(parts: readonly Part[]): Readonly<Record<string, string>> {
  const whole: Record<string, string> = {}
  for (const [header, member] of Object.entries(members)) {
    const make = header === 'x-amz-checksum-crc64nvme' ? undefined : checksumMakers[header]
    const each = parts.flatMap((part) => part.checksums[member] ?? [])
    if (!make || each.length < parts.length) continue
    const checksum = make()
    for (const text of each) checksum.update(Buffer.from(text, 'base64'))
    whole[member] = `${checksum.digest()}-${parts.length}`
  }
  return whole
}
