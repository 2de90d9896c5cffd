import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

export const deleteObject: Operation<S3Operations, 'DeleteObject', S3Deps> = {
  accepts: { Bucket: true, Key: true, VersionId: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    const at = { bucket: input.Bucket ?? '', key: input.Key ?? '', versionId: input.VersionId }
    const { versionId, isDeleteMarker } = await objects.objects.remove(request.scope, at)
    return {
      ...(versionId === undefined ? {} : { VersionId: versionId }),
      ...(isDeleteMarker ? { DeleteMarker: true } : {}),
    }
  },
}
