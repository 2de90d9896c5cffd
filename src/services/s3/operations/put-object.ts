import { Readable } from 'node:stream'
import type { Operation } from '../../../wire/service.ts'
import { checksumAnswer, checksumMembers, checksumsOf } from '../checksums.ts'
import { descriptionMembers, descriptionOf } from '../object-description.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { encryptionView, quoted, versionIdOf } from '../object-view.ts'
import { writeConditions } from '../write-conditions.ts'

export const putObject: Operation<S3Operations, 'PutObject', S3Deps> = {
  accepts: {
    Bucket: true,
    Key: true,
    Body: true,
    ExpectedBucketOwner: true,
    ContentLength: true,
    ContentMD5: true,
    ChecksumAlgorithm: true,
    IfMatch: true,
    IfNoneMatch: true,
    ...checksumMembers,
    ...descriptionMembers,
  },
  async handle(input, request, { objects }) {
    const at = { bucket: input.Bucket ?? '', key: input.Key ?? '' }
    const version = await objects.objects.put(request.scope, at, {
      body: input.Body ?? Readable.from([]),
      description: descriptionOf(input, request),
      conditions: writeConditions(input),
      checksums: () => checksumsOf(request),
    })
    const { etag = '', checksums = {}, seal } = version.content ?? {}
    return {
      ETag: quoted(etag),
      ...versionIdOf(version),
      ...encryptionView(seal),
      ...checksumAnswer(checksums),
    }
  },
}
