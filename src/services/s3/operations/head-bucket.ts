import { arnOfBucket } from '../bucket-arn.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const headBucket: Operation<S3Operations, 'HeadBucket', S3Deps> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    const bucket = await objects.buckets.require(request.scope, input.Bucket ?? '')
    return { BucketRegion: bucket.region, BucketArn: arnOfBucket(bucket), AccessPointAlias: false }
  },
}
