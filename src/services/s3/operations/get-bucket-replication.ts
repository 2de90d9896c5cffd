import { noReplication } from '../errors.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** Nothing is replicated here. */
export const getBucketReplication: Operation<S3Operations, 'GetBucketReplication', S3Deps> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    const { name } = await objects.buckets.require(request.scope, input.Bucket ?? '')
    throw noReplication(name)
  },
}
