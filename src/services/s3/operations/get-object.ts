import type { Operation } from '../../../wire/service.ts'
import type { ByteRange } from '../byte-range.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { objectView } from '../object-view.ts'
import { checkReadConditions } from '../read-conditions.ts'
import { readMembers } from '../read-members.ts'
import { partsCount, wantedBytes } from '../wanted-bytes.ts'

export const getObject: Operation<S3Operations, 'GetObject', S3Deps> = {
  accepts: readMembers,
  async handle(input, request, { objects }) {
    const at = { bucket: input.Bucket ?? '', key: input.Key ?? '', versionId: input.VersionId }
    let range: ByteRange | undefined
    const { body, ...found } = await objects.objects.open(request.scope, at, (object) => {
      checkReadConditions(input, object)
      range = wantedBytes(input, object.content)
      return range
    })
    return {
      ...objectView(input, request, found, range),
      ...partsCount(input, found.content),
      Body: body,
    }
  },
}
