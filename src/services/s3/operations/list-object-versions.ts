import type { Operation } from '../../../wire/service.ts'
import { invalidArgument } from '../errors.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { itemsMaxOf, nameEncoder } from '../listing-form.ts'
import { quoted } from '../object-view.ts'
import { ownerOf } from '../owner.ts'

export const listObjectVersions: Operation<S3Operations, 'ListObjectVersions', S3Deps> = {
  accepts: {
    Bucket: true,
    Delimiter: true,
    EncodingType: true,
    KeyMarker: true,
    VersionIdMarker: true,
    MaxKeys: true,
    Prefix: true,
    ExpectedBucketOwner: true,
  },
  async handle(input, request, { objects }) {
    const { Bucket = '', Delimiter = '', EncodingType, KeyMarker = '', Prefix = '' } = input
    const encode = nameEncoder(EncodingType)
    const itemsMax = itemsMaxOf(input.MaxKeys)
    if (input.VersionIdMarker !== undefined && KeyMarker === '') {
      const message = 'A version-id marker cannot be specified without a key marker.'
      throw invalidArgument('version-id-marker', input.VersionIdMarker, message)
    }
    const page = await objects.listing.versions(request.scope, Bucket, {
      prefix: Prefix,
      delimiter: Delimiter,
      after: KeyMarker,
      afterVersionId: input.VersionIdMarker === '' ? undefined : input.VersionIdMarker,
      itemsMax,
    })
    const viewOf = ({
      key,
      versionId,
      isLatest,
      lastModified,
    }: (typeof page.versions)[number]) => ({
      Key: encode(key),
      VersionId: versionId,
      IsLatest: isLatest,
      LastModified: new Date(lastModified),
      Owner: ownerOf(request.scope),
    })
    return {
      Name: Bucket,
      Prefix: encode(Prefix),
      KeyMarker: encode(KeyMarker),
      VersionIdMarker: input.VersionIdMarker ?? '',
      MaxKeys: itemsMax,
      IsTruncated: page.next !== undefined,
      ...(page.next === undefined
        ? {}
        : { NextKeyMarker: encode(page.next.key), NextVersionIdMarker: page.next.versionId }),
      ...(Delimiter === '' ? {} : { Delimiter: encode(Delimiter) }),
      ...(EncodingType === undefined ? {} : { EncodingType }),
      Versions: page.versions.flatMap((version) =>
        version.content
          ? [
              {
                ...viewOf(version),
                ETag: quoted(version.content.etag),
                Size: version.content.size,
                StorageClass: 'STANDARD' as const,
              },
            ]
          : [],
      ),
      DeleteMarkers: page.versions.filter(({ content }) => !content).map(viewOf),
      CommonPrefixes: page.commonPrefixes.map((name) => ({ Prefix: encode(name) })),
    }
  },
}
