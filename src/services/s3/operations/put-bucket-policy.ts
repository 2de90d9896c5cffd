import { checkedPolicy } from '../bucket-settings.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** Stored and shown: only the bucket's own account reaches it, whatever the policy says. */
export const putBucketPolicy: Operation<S3Operations, 'PutBucketPolicy', S3Deps> = {
  accepts: {
    Bucket: true,
    ExpectedBucketOwner: true,
    ContentMD5: true,
    ChecksumAlgorithm: true,
    ConfirmRemoveSelfBucketAccess: true,
    Policy: true,
  },
  async handle(input, request, { objects }) {
    const policy = checkedPolicy(input.Policy ?? '')
    await objects.buckets.changeSettings(request.scope, input.Bucket ?? '', (settings) => ({
      ...settings,
      policy,
    }))
    return {}
  },
}
