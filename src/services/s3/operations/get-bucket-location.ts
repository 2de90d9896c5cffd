import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const getBucketLocation: Operation<S3Operations, 'GetBucketLocation', S3Deps> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    const { region } = await objects.buckets.require(request.scope, input.Bucket ?? '')
    // us-east-1 has no constraint.
    if (region === 'us-east-1') return {}
    return { LocationConstraint: region as 'eu-west-1' }
  },
}
