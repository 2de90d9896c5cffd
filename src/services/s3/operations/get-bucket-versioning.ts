import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const getBucketVersioning: Operation<S3Operations, 'GetBucketVersioning', S3Deps> = {
  accepts: { Bucket: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    const { versioning } = await objects.buckets.require(request.scope, input.Bucket ?? '')
    return versioning === undefined ? {} : { Status: versioning }
  },
}
