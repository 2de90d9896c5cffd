import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { versionIdOf } from '../object-view.ts'

export const deleteObjectTagging: Operation<S3Operations, 'DeleteObjectTagging', S3Deps> = {
  accepts: { Bucket: true, Key: true, VersionId: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    const at = { bucket: input.Bucket ?? '', key: input.Key ?? '', versionId: input.VersionId }
    return versionIdOf(await objects.objects.changeTags(request.scope, at, []))
  },
}
