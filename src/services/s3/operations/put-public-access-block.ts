import { publicAccessBlockOf } from '../bucket-settings.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** Nothing is public here, whatever is set. */
export const putPublicAccessBlock: Operation<S3Operations, 'PutPublicAccessBlock', S3Deps> = {
  accepts: {
    Bucket: true,
    ExpectedBucketOwner: true,
    ContentMD5: true,
    ChecksumAlgorithm: true,
    PublicAccessBlockConfiguration: true,
  },
  async handle(input, request, { objects }) {
    const publicAccessBlock = publicAccessBlockOf(input.PublicAccessBlockConfiguration)
    await objects.buckets.changeSettings(request.scope, input.Bucket ?? '', (settings) => ({
      ...settings,
      publicAccessBlock,
    }))
    return {}
  },
}
