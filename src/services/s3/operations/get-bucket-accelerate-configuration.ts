import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** Never asked for, as far as a caller sees. */
export const getBucketAccelerateConfiguration: Operation<
  S3Operations,
  'GetBucketAccelerateConfiguration',
  S3Deps
> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    await objects.buckets.require(request.scope, input.Bucket ?? '')
    return {}
  },
}
