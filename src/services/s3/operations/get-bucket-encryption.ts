import { encryptionConfiguration } from '../bucket-settings.ts'
import { noEncryptionConfiguration } from '../errors.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const getBucketEncryption: Operation<S3Operations, 'GetBucketEncryption', S3Deps> = {
  accepts: {
    Bucket: true,
    ExpectedBucketOwner: true,
  },
  async handle(input, request, { objects }) {
    const { name, settings } = await objects.buckets.require(request.scope, input.Bucket ?? '')
    if (!settings?.encryption) throw noEncryptionConfiguration(name)
    return { ServerSideEncryptionConfiguration: encryptionConfiguration(settings.encryption) }
  },
}
