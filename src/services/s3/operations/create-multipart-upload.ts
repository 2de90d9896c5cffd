import type { Operation } from '../../../wire/service.ts'
import { descriptionMembers, descriptionOf } from '../object-description.ts'
import { encryptionView } from '../object-view.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const createMultipartUpload: Operation<S3Operations, 'CreateMultipartUpload', S3Deps> = {
  accepts: {
    Bucket: true,
    Key: true,
    ExpectedBucketOwner: true,
    ChecksumAlgorithm: true,
    ChecksumType: true,
    ...descriptionMembers,
  },
  async handle(input, request, { objects }) {
    const at = { bucket: input.Bucket ?? '', key: input.Key ?? '' }
    const description = descriptionOf(input, request)
    const { ChecksumAlgorithm, ChecksumType } = input
    const isWhole = ChecksumType === 'FULL_OBJECT' || ChecksumAlgorithm === 'CRC64NVME'
    const { uploadId, encryption } = await objects.multipart.start(request.scope, at, {
      ...description,
      ...(isWhole && { isWholeChecksum: true }),
    })
    return {
      Bucket: at.bucket,
      Key: at.key,
      UploadId: uploadId,
      ...encryptionView(encryption),
      ...(ChecksumAlgorithm &&
        !isWhole && { ChecksumAlgorithm, ChecksumType: 'COMPOSITE' as const }),
    }
  },
}
