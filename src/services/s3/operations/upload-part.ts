import { Readable } from 'node:stream'
import type { Operation } from '../../../wire/service.ts'
import { checksumMembers, checksumsOf } from '../checksums.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { encryptionView, quoted } from '../object-view.ts'

export const uploadPart: Operation<S3Operations, 'UploadPart', S3Deps> = {
  accepts: {
    Bucket: true,
    Key: true,
    UploadId: true,
    PartNumber: true,
    Body: true,
    ExpectedBucketOwner: true,
    ContentLength: true,
    ContentMD5: true,
    ChecksumAlgorithm: true,
    ...checksumMembers,
  },
  async handle(input, request, { objects }) {
    const at = {
      bucket: input.Bucket ?? '',
      key: input.Key ?? '',
      uploadId: input.UploadId ?? '',
      number: input.PartNumber ?? 0,
    }
    const part = await objects.multipart.putPart(
      request.scope,
      at,
      input.Body ?? Readable.from([]),
      () => checksumsOf(request),
    )
    return { ETag: quoted(part.etag), ...encryptionView(part.seal), ...part.checksums }
  },
}
