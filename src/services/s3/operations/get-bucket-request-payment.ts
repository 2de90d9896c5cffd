import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** Requesters never pay. */
export const getBucketRequestPayment: Operation<S3Operations, 'GetBucketRequestPayment', S3Deps> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    await objects.buckets.require(request.scope, input.Bucket ?? '')
    return { Payer: 'BucketOwner' as const }
  },
}
