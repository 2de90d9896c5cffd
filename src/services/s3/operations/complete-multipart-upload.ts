import type { Operation } from '../../../wire/service.ts'
import { checksumAnswer, checksumMembers, checksumsOfParts } from '../checksums.ts'
import { malformedXml } from '../errors.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { encryptionView, quoted, versionIdOf } from '../object-view.ts'
import { writeConditions } from '../write-conditions.ts'

export const completeMultipartUpload: Operation<S3Operations, 'CompleteMultipartUpload', S3Deps> = {
  accepts: {
    Bucket: true,
    Key: true,
    UploadId: true,
    ExpectedBucketOwner: true,
    ChecksumType: true,
    IfMatch: true,
    IfNoneMatch: true,
    MultipartUpload: { Parts: { PartNumber: true, ETag: true, ...checksumMembers } },
  },
  async handle(input, request, { objects }) {
    const at = {
      bucket: input.Bucket ?? '',
      key: input.Key ?? '',
      uploadId: input.UploadId ?? '',
    }
    const named = input.MultipartUpload?.Parts ?? []
    if (named.length === 0) throw malformedXml()
    const chosen = named.map(({ PartNumber, ETag, ...checksums }) => {
      if (PartNumber === undefined || ETag === undefined) throw malformedXml()
      return { number: PartNumber, etag: ETag, checksums }
    })
    const version = await objects.multipart.complete(request.scope, at, chosen, {
      conditions: writeConditions(input),
      checksums: checksumsOfParts,
    })
    return {
      Location: `http://${request.host}/${at.bucket}/${encodeURI(at.key)}`,
      Bucket: at.bucket,
      Key: at.key,
      ETag: quoted(version.content?.etag ?? ''),
      ...versionIdOf(version),
      ...encryptionView(version.content?.seal),
      ...checksumAnswer(version.content?.checksums ?? {}),
    }
  },
}
