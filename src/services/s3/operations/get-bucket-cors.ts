import { noCors } from '../errors.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** No cross-origin rules are kept here. */
export const getBucketCors: Operation<S3Operations, 'GetBucketCors', S3Deps> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    const { name } = await objects.buckets.require(request.scope, input.Bucket ?? '')
    throw noCors(name)
  },
}
