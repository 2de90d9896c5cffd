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
  ChecksumType?: 'FULL_OBJECT'
} {
  const isEmpty = Object.keys(checksums).length === 0
  return isEmpty ? {} : { ...checksums, ChecksumType: 'FULL_OBJECT' }
}
