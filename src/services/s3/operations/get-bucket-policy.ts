import { noBucketPolicy } from '../errors.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const getBucketPolicy: Operation<S3Operations, 'GetBucketPolicy', S3Deps> = {
  accepts: {
    Bucket: true,
    ExpectedBucketOwner: true,
  },
  async handle(input, request, { objects }) {
    const { name, settings } = await objects.buckets.require(request.scope, input.Bucket ?? '')
    if (settings?.policy === undefined) throw noBucketPolicy(name)
    return { Policy: settings.policy }
  },
}
