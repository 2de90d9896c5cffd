import { ObjectsRefusal } from '../../../objects/refusal.ts'
import type { Operation } from '../../../wire/service.ts'
import { malformedXml } from '../errors.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** AWS's limit of one request. */
const objectsMax = 1000

export const deleteObjects: Operation<S3Operations, 'DeleteObjects', S3Deps> = {
  accepts: {
    Bucket: true,
    ExpectedBucketOwner: true,
    ChecksumAlgorithm: true,
    Delete: { Quiet: true, Objects: { Key: true, VersionId: true } },
  },
  async handle(input, request, { objects }) {
    const named = input.Delete?.Objects ?? []
    if (named.length === 0 || named.length > objectsMax) throw malformedXml()
    const bucket = input.Bucket ?? ''
    await objects.buckets.require(request.scope, bucket)
    const Deleted: object[] = []
    const Errors: object[] = []
    for (const { Key = '', VersionId } of named) {
      const which = { Key, ...(VersionId === undefined ? {} : { VersionId }) }
      try {
        const at = { bucket, key: Key, versionId: VersionId }
        const removed = await objects.objects.remove(request.scope, at)
        const marker = removed.isDeleteMarker
          ? { DeleteMarker: true, DeleteMarkerVersionId: removed.versionId }
          : {}
        Deleted.push({ ...which, ...marker })
      } catch (thrown) {
        if (!(thrown instanceof ObjectsRefusal)) throw thrown
        Errors.push({ ...which, Code: thrown.code, Message: thrown.message })
      }
    }
    return { ...(input.Delete?.Quiet ? {} : { Deleted }), Errors }
  },
}
