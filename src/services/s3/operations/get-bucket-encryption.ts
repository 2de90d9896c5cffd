import type { Operation } from '../../../wire/service.ts'
import { noEncryptionConfiguration } from '../errors.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** Objects are not encrypted at rest here, and this says so. */
export const getBucketEncryption: Operation<S3Operations, 'GetBucketEncryption', S3Deps> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    const { name } = await objects.buckets.require(request.scope, input.Bucket ?? '')
    throw noEncryptionConfiguration(name)
  },
}
