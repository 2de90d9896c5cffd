import { noBucketPolicy } from '../errors.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** Nothing is public, whatever a policy says. */
export const getBucketPolicyStatus: Operation<S3Operations, 'GetBucketPolicyStatus', S3Deps> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    const { name, settings } = await objects.buckets.require(request.scope, input.Bucket ?? '')
    if (settings?.policy === undefined) throw noBucketPolicy(name)
    return { PolicyStatus: { IsPublic: false } }
  },
}
