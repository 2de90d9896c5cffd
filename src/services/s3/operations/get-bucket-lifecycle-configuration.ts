import { lifecycleView } from '../bucket-settings.ts'
import { noLifecycle } from '../errors.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const getBucketLifecycleConfiguration: Operation<
  S3Operations,
  'GetBucketLifecycleConfiguration',
  S3Deps
> = {
  accepts: {
    Bucket: true,
    ExpectedBucketOwner: true,
  },
  async handle(input, request, { objects }) {
    const { name, settings } = await objects.buckets.require(request.scope, input.Bucket ?? '')
    if (!settings?.lifecycle) throw noLifecycle(name)
    return { Rules: lifecycleView(settings.lifecycle) }
  },
}
