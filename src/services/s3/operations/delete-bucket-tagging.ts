import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const deleteBucketTagging: Operation<S3Operations, 'DeleteBucketTagging', S3Deps> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    await objects.buckets.change(request.scope, input.Bucket ?? '', (bucket) => ({
      ...bucket,
      tags: [],
    }))
    return {}
  },
}
