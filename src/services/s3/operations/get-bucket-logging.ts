import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** Nothing is logged, so there is no target. */
export const getBucketLogging: Operation<S3Operations, 'GetBucketLogging', S3Deps> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    await objects.buckets.require(request.scope, input.Bucket ?? '')
    return {}
  },
}
