import type { Operation } from '../../../wire/service.ts'
import { checksumAnswer } from '../checksums.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { partsCount } from '../wanted-bytes.ts'

export const getObjectAttributes: Operation<S3Operations, 'GetObjectAttributes', S3Deps> = {
  accepts: {
    Bucket: true,
    Key: true,
    VersionId: true,
    ExpectedBucketOwner: true,
    ObjectAttributes: true,
    MaxParts: true,
    PartNumberMarker: true,
  },
  async handle(input, request, { objects }) {
    const at = { bucket: input.Bucket ?? '', key: input.Key ?? '', versionId: input.VersionId }
    const { version, content, isVersioned } = await objects.objects.require(request.scope, at)
    const isAsked = (name: string): boolean =>
      input.ObjectAttributes?.some((each) => each === name) === true
    const { PartsCount } = partsCount({ PartNumber: 1 }, content)
    const hasChecksum = Object.keys(content.checksums).length > 0
    return {
      LastModified: new Date(version.lastModified),
      ...(isVersioned && { VersionId: version.versionId }),
      ...(isAsked('ETag') && { ETag: content.etag }),
      ...(isAsked('Checksum') && hasChecksum && { Checksum: checksumAnswer(content.checksums) }),
      // The parts themselves are told only of uploads that S3 keeps further checksums of.
      ...(isAsked('ObjectParts') &&
        PartsCount !== undefined && { ObjectParts: { TotalPartsCount: PartsCount } }),
      ...(isAsked('StorageClass') && { StorageClass: 'STANDARD' as const }),
      ...(isAsked('ObjectSize') && { ObjectSize: content.size }),
    }
  },
}
