import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const abortMultipartUpload: Operation<S3Operations, 'AbortMultipartUpload', S3Deps> = {
  accepts: { Bucket: true, Key: true, UploadId: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    await objects.multipart.abort(request.scope, {
      bucket: input.Bucket ?? '',
      key: input.Key ?? '',
      uploadId: input.UploadId ?? '',
    })
    return {}
  },
}
