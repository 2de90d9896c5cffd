import { encryptionOf } from '../bucket-settings.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** Of the objects that are put from now on. */
export const putBucketEncryption: Operation<S3Operations, 'PutBucketEncryption', S3Deps> = {
  accepts: {
    Bucket: true,
    ExpectedBucketOwner: true,
    ContentMD5: true,
    ChecksumAlgorithm: true,
    ServerSideEncryptionConfiguration: {
      Rules: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: true }, BucketKeyEnabled: true },
    },
  },
  async handle(input, request, { objects }) {
    const encryption = encryptionOf(input.ServerSideEncryptionConfiguration)
    await objects.buckets.changeSettings(request.scope, input.Bucket ?? '', (settings) => ({
      ...settings,
      encryption,
    }))
    return {}
  },
}
