import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const deleteBucketOwnershipControls: Operation<
  S3Operations,
  'DeleteBucketOwnershipControls',
  S3Deps
> = {
  accepts: {
    Bucket: true,
    ExpectedBucketOwner: true,
  },
  async handle(input, request, { objects }) {
    await objects.buckets.changeSettings(request.scope, input.Bucket ?? '', (settings) => ({
      ...settings,
      isOwnershipRemoved: true,
    }))
    return {}
  },
}
