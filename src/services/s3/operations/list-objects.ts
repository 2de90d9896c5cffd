import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { itemsMaxOf, nameEncoder } from '../listing-form.ts'
import { quoted } from '../object-view.ts'
import { ownerOf } from '../owner.ts'

export const listObjects: Operation<S3Operations, 'ListObjects', S3Deps> = {
  accepts: {
    Bucket: true,
    Delimiter: true,
    EncodingType: true,
    Marker: true,
    MaxKeys: true,
    Prefix: true,
    ExpectedBucketOwner: true,
  },
  async handle(input, request, { objects }) {
    const { Bucket = '', Delimiter = '', EncodingType, Marker = '', Prefix = '' } = input
    const encode = nameEncoder(EncodingType)
    const itemsMax = itemsMaxOf(input.MaxKeys)
    const page = await objects.listing.objects(request.scope, Bucket, {
      prefix: Prefix,
      delimiter: Delimiter,
      after: Marker,
      itemsMax,
    })
    return {
      Name: Bucket,
      Prefix: encode(Prefix),
      Marker: encode(Marker),
      MaxKeys: itemsMax,
      IsTruncated: page.next !== undefined,
      // Without a delimiter the last key serves as the marker.
      ...(page.next === undefined || Delimiter === '' ? {} : { NextMarker: encode(page.next) }),
      ...(Delimiter === '' ? {} : { Delimiter: encode(Delimiter) }),
      ...(EncodingType === undefined ? {} : { EncodingType }),
      Contents: page.objects.map(({ key, content, lastModified }) => ({
        Key: encode(key),
        LastModified: new Date(lastModified),
        ETag: quoted(content?.etag ?? ''),
        Size: content?.size,
        StorageClass: 'STANDARD' as const,
        Owner: ownerOf(request.scope),
      })),
      CommonPrefixes: page.commonPrefixes.map((name) => ({ Prefix: encode(name) })),
    }
  },
}
