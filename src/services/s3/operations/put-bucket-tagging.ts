import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { bucketTagsMax, tagsOf } from '../tagging.ts'

export const putBucketTagging: Operation<S3Operations, 'PutBucketTagging', S3Deps> = {
  accepts: {
    Bucket: true,
    ExpectedBucketOwner: true,
    ContentMD5: true,
    ChecksumAlgorithm: true,
    Tagging: { TagSet: { Key: true, Value: true } },
  },
  async handle(input, request, { objects }) {
    const tags = tagsOf(input.Tagging?.TagSet, bucketTagsMax)
    await objects.buckets.change(request.scope, input.Bucket ?? '', (bucket) => ({
      ...bucket,
      tags,
    }))
    return {}
  },
}
