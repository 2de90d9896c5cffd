import { blockedByDefault, publicAccessBlockView } from '../bucket-settings.ts'
import { noPublicAccessBlock } from '../errors.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const getPublicAccessBlock: Operation<S3Operations, 'GetPublicAccessBlock', S3Deps> = {
  accepts: {
    Bucket: true,
    ExpectedBucketOwner: true,
  },
  async handle(input, request, { objects }) {
    const { name, settings } = await objects.buckets.require(request.scope, input.Bucket ?? '')
    const { publicAccessBlock: block = blockedByDefault } = settings ?? {}
    if (block === null) throw noPublicAccessBlock(name)
    return { PublicAccessBlockConfiguration: publicAccessBlockView(block) }
  },
}
