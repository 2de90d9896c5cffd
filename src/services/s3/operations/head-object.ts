import type { Operation } from '../../../wire/service.ts'
import { byteRange } from '../byte-range.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { objectView } from '../object-view.ts'
import { checkReadConditions } from '../read-conditions.ts'
import { readMembers } from '../read-members.ts'

export const headObject: Operation<S3Operations, 'HeadObject', S3Deps> = {
  accepts: readMembers,
  async handle(input, request, { objects }) {
    const at = { bucket: input.Bucket ?? '', key: input.Key ?? '', versionId: input.VersionId }
    const found = await objects.objects.require(request.scope, at)
    checkReadConditions(input, found)
    return objectView(input, request, found, byteRange(input.Range, found.content.size))
  },
}
