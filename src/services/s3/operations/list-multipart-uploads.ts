import { commonPrefixOf } from '../../../objects/list-keys.ts'
import type { Upload } from '../../../objects/stored-object.ts'
import type { Operation } from '../../../wire/service.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { itemsMaxOf, nameEncoder } from '../listing-form.ts'
import { ownerOf } from '../owner.ts'

export const listMultipartUploads: Operation<S3Operations, 'ListMultipartUploads', S3Deps> = {
  accepts: {
    Bucket: true,
    Delimiter: true,
    EncodingType: true,
    KeyMarker: true,
    UploadIdMarker: true,
    MaxUploads: true,
    Prefix: true,
    ExpectedBucketOwner: true,
  },
  async handle(input, request, { objects }) {
    const { Bucket = '', Delimiter = '', EncodingType, Prefix = '' } = input
    const { KeyMarker = '', UploadIdMarker = '' } = input
    const encode = nameEncoder(EncodingType)
    const itemsMax = itemsMaxOf(input.MaxUploads, 'max-uploads')
    const all = await objects.listing.uploads(request.scope, Bucket, Prefix)
    const left = all.filter((upload) => isAfter(upload, KeyMarker, UploadIdMarker))
    const direct = left.filter(({ key }) => commonPrefixOf(key, Prefix, Delimiter) === undefined)
    const prefixes = left.map(({ key }) => commonPrefixOf(key, Prefix, Delimiter))
    const page = direct.slice(0, itemsMax)
    const last = page.at(-1)
    const isTruncated = direct.length > page.length
    const owner = ownerOf(request.scope)
    return {
      Bucket,
      Prefix: encode(Prefix),
      KeyMarker: encode(KeyMarker),
      UploadIdMarker,
      MaxUploads: itemsMax,
      IsTruncated: isTruncated,
      ...(isTruncated && last
        ? { NextKeyMarker: encode(last.key), NextUploadIdMarker: last.uploadId }
        : {}),
      ...(Delimiter === '' ? {} : { Delimiter: encode(Delimiter) }),
      ...(EncodingType === undefined ? {} : { EncodingType }),
      Uploads: page.map((upload) => ({
        Key: encode(upload.key),
        UploadId: upload.uploadId,
        Initiated: new Date(upload.startedAt),
        StorageClass: 'STANDARD' as const,
        Owner: owner,
        Initiator: owner,
      })),
      CommonPrefixes: [...new Set(prefixes)]
        .filter((prefix) => prefix !== undefined)
        .map((prefix) => ({ Prefix: encode(prefix) })),
    }
  },
}

function isAfter(upload: Upload, keyMarker: string, uploadIdMarker: string): boolean {
  if (upload.key !== keyMarker) return upload.key > keyMarker
  return uploadIdMarker !== '' && upload.uploadId > uploadIdMarker
}
