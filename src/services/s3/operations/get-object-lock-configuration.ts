import { noObjectLock } from '../errors.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** No object is locked here. */
export const getObjectLockConfiguration: Operation<
  S3Operations,
  'GetObjectLockConfiguration',
  S3Deps
> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    const { name } = await objects.buckets.require(request.scope, input.Bucket ?? '')
    throw noObjectLock(name)
  },
}
