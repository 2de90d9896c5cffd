import { ownersAcl } from '../owner.ts'
import { versionIdOf } from '../object-view.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'

/** The owner's own, which is the only one. */
export const getObjectAcl: Operation<S3Operations, 'GetObjectAcl', S3Deps> = {
  accepts: { Bucket: true, Key: true, VersionId: true, ExpectedBucketOwner: true },
  async handle(input, request, { objects }) {
    const at = { bucket: input.Bucket ?? '', key: input.Key ?? '', versionId: input.VersionId }
    const { version } = await objects.objects.require(request.scope, at)
    return { ...ownersAcl(request.scope), ...versionIdOf(version) }
  },
}
