import type { Operation } from '../../../wire/service.ts'
import { noSuchTagSet } from '../errors.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const getBucketTagging: Operation<S3Operations, 'GetBucketTagging', S3Deps> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    const { name, tags } = await objects.buckets.require(request.scope, input.Bucket ?? '')
    if (tags.length === 0) throw noSuchTagSet(name)
    return { TagSet: [...tags] }
  },
}
