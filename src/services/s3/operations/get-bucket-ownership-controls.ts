import { noOwnershipControls } from '../errors.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const getBucketOwnershipControls: Operation<
  S3Operations,
  'GetBucketOwnershipControls',
  S3Deps
> = {
  accepts: {
    Bucket: true,
    ExpectedBucketOwner: true,
  },
  async handle(input, request, { objects }) {
    const { name, settings } = await objects.buckets.require(request.scope, input.Bucket ?? '')
    if (settings?.isOwnershipRemoved) throw noOwnershipControls(name)
    return { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' as const }] } }
  },
}
