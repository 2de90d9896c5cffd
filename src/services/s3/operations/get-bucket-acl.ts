import { ownersAcl } from '../owner.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** The owner's own, which is the only one. */
export const getBucketAcl: Operation<S3Operations, 'GetBucketAcl', S3Deps> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    await objects.buckets.require(request.scope, input.Bucket ?? '')
    return ownersAcl(request.scope)
  },
}
