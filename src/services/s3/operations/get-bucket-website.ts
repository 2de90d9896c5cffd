import { noWebsite } from '../errors.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** No bucket is a website here. */
export const getBucketWebsite: Operation<S3Operations, 'GetBucketWebsite', S3Deps> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    const { name } = await objects.buckets.require(request.scope, input.Bucket ?? '')
    throw noWebsite(name)
  },
}
