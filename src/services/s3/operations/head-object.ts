import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { objectView } from '../object-view.ts'
import { checkReadConditions } from '../read-conditions.ts'
import { readMembers } from '../read-members.ts'
import { partsCount, wantedBytes } from '../wanted-bytes.ts'

export const headObject: Operation<S3Operations, 'HeadObject', S3Deps> = {
  accepts: readMembers,
  async handle(input, request, { objects }) {
    const at = { bucket: input.Bucket ?? '', key: input.Key ?? '', versionId: input.VersionId }
    const found = await objects.objects.require(request.scope, at)
    checkReadConditions(input, found)
    return {
      ...objectView(input, request, found, wantedBytes(input, found.content)),
      ...partsCount(input, found.content),
    }
  },
}
