import { lifecycleOf } from '../bucket-settings.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const putBucketLifecycleConfiguration: Operation<
  S3Operations,
  'PutBucketLifecycleConfiguration',
  S3Deps
> = {
  accepts: {
    Bucket: true,
    ExpectedBucketOwner: true,
    ChecksumAlgorithm: true,
    LifecycleConfiguration: {
      Rules: {
        ID: true,
        Status: true,
        Prefix: true,
        Filter: { Prefix: true },
        Expiration: { Days: true },
        NoncurrentVersionExpiration: { NoncurrentDays: true },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: true },
      },
    },
  },
  async handle(input, request, { objects }) {
    const lifecycle = lifecycleOf(input.LifecycleConfiguration?.Rules)
    await objects.buckets.changeSettings(request.scope, input.Bucket ?? '', (settings) => ({
      ...settings,
      lifecycle,
    }))
    return {}
  },
}
