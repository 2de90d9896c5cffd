import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const deletePublicAccessBlock: Operation<S3Operations, 'DeletePublicAccessBlock', S3Deps> = {
  accepts: {
    Bucket: true,
    ExpectedBucketOwner: true,
  },
  async handle(input, request, { objects }) {
    await objects.buckets.changeSettings(request.scope, input.Bucket ?? '', (settings) => ({
      ...settings,
      publicAccessBlock: null,
    }))
    return {}
  },
}
