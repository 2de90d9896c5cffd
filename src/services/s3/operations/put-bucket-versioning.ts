import { is } from '../../../wire/accept.ts'
import type { Operation } from '../../../wire/service.ts'
import { malformedXml } from '../errors.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const putBucketVersioning: Operation<S3Operations, 'PutBucketVersioning', S3Deps> = {
  accepts: {
    Bucket: true,
    ExpectedBucketOwner: true,
    ContentMD5: true,
    ChecksumAlgorithm: true,
    VersioningConfiguration: { Status: true, MFADelete: is('Disabled') },
  },
  async handle(input, request, { objects }) {
    const versioning = input.VersioningConfiguration?.Status
    if (versioning !== 'Enabled' && versioning !== 'Suspended') throw malformedXml()
    await objects.buckets.change(request.scope, input.Bucket ?? '', (bucket) => ({
      ...bucket,
      versioning,
    }))
    return {}
  },
}
