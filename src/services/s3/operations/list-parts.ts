import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { itemsMaxOf } from '../listing-form.ts'
import { quoted } from '../object-view.ts'
import { ownerOf } from '../owner.ts'

export const listParts: Operation<S3Operations, 'ListParts', S3Deps> = {
  accepts: {
    Bucket: true,
    Key: true,
    UploadId: true,
    MaxParts: true,
    PartNumberMarker: true,
    ExpectedBucketOwner: true,
  },
  async handle(input, request, { objects }) {
    const { Bucket = '', Key = '', UploadId = '', PartNumberMarker = '0' } = input
    const at = { bucket: Bucket, key: Key, uploadId: UploadId }
    const all = await objects.multipart.parts(request.scope, at)
    const itemsMax = itemsMaxOf(input.MaxParts, 'max-parts')
    const left = all.filter(({ number }) => number > Number(PartNumberMarker))
    const page = left.slice(0, itemsMax)
    const owner = ownerOf(request.scope)
    return {
      Bucket,
      Key,
      UploadId,
      PartNumberMarker,
      NextPartNumberMarker: String(page.at(-1)?.number ?? 0),
      MaxParts: itemsMax,
      IsTruncated: left.length > page.length,
      StorageClass: 'STANDARD' as const,
      Owner: owner,
      Initiator: owner,
      Parts: page.map((part) => ({
        PartNumber: part.number,
        LastModified: new Date(part.storedAt),
        ETag: quoted(part.etag),
        Size: part.size,
        ...part.checksums,
      })),
    }
  },
}
