import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const deleteBucketEncryption: Operation<S3Operations, 'DeleteBucketEncryption', S3Deps> = {
  accepts: {
    Bucket: true,
    ExpectedBucketOwner: true,
  },
  async handle(input, request, { objects }) {
    await objects.buckets.changeSettings(request.scope, input.Bucket ?? '', (settings) => {
      const { encryption: _, ...rest } = settings
      return rest
    })
    return {}
  },
}
