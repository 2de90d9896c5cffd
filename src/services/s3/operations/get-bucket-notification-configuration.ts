import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** Nobody is told of objects. */
export const getBucketNotificationConfiguration: Operation<
  S3Operations,
  'GetBucketNotificationConfiguration',
  S3Deps
> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    await objects.buckets.require(request.scope, input.Bucket ?? '')
    return {}
  },
}
