import { is } from '../../../wire/accept.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** Objects are always the bucket owner's. */
export const putBucketOwnershipControls: Operation<
  S3Operations,
  'PutBucketOwnershipControls',
  S3Deps
> = {
  accepts: {
    Bucket: true,
    ExpectedBucketOwner: true,
    ContentMD5: true,
    ChecksumAlgorithm: true,
    OwnershipControls: { Rules: { ObjectOwnership: is('BucketOwnerEnforced') } },
  },
  async handle(input, request, { objects }) {
    await objects.buckets.changeSettings(request.scope, input.Bucket ?? '', (settings) => {
      const { isOwnershipRemoved: _, ...rest } = settings
      return rest
    })
    return {}
  },
}
