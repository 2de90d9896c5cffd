import type { Operation } from '../../../wire/service.ts'
import { noBucketPolicy } from '../errors.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** Buckets have no policies here: only their own account reaches them. */
export const getBucketPolicy: Operation<S3Operations, 'GetBucketPolicy', S3Deps> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    const { name } = await objects.buckets.require(request.scope, input.Bucket ?? '')
    throw noBucketPolicy(name)
  },
}
