import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { versionIdOf } from '../object-view.ts'

export const getObjectTagging: Operation<S3Operations, 'GetObjectTagging', S3Deps> = {
  accepts: { Bucket: true, Key: true, VersionId: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    const at = { bucket: input.Bucket ?? '', key: input.Key ?? '', versionId: input.VersionId }
    const { version, content } = await objects.objects.require(request.scope, at)
    return { TagSet: [...content.tags], ...versionIdOf(version) }
  },
}
