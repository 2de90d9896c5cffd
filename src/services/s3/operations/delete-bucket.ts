import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const deleteBucket: Operation<S3Operations, 'DeleteBucket', S3Deps> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    await objects.buckets.remove(request.scope, input.Bucket ?? '')
    return {}
  },
}
