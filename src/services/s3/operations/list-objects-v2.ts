import type { Operation } from '../../../wire/service.ts'
import { invalidArgument } from '../errors.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { itemsMaxOf, nameEncoder } from '../listing-form.ts'
import { quoted } from '../object-view.ts'
import { ownerOf } from '../owner.ts'

export const listObjectsV2: Operation<S3Operations, 'ListObjectsV2', S3Deps> = {
  accepts: {
    Bucket: true,
    Delimiter: true,
    EncodingType: true,
    MaxKeys: true,
    Prefix: true,
    ContinuationToken: true,
    FetchOwner: true,
    StartAfter: true,
    ExpectedBucketOwner: true,
  },
  async handle(input, request, { objects }) {
    const { Bucket = '', Delimiter = '', EncodingType, Prefix = '', ContinuationToken } = input
    const encode = nameEncoder(EncodingType)
    const itemsMax = itemsMaxOf(input.MaxKeys)
    const page = await objects.listing.objects(request.scope, Bucket, {
      prefix: Prefix,
      delimiter: Delimiter,
      after: openToken(ContinuationToken) ?? input.StartAfter ?? '',
      itemsMax,
    })
    const owner = input.FetchOwner ? { Owner: ownerOf(request.scope) } : {}
    return {
      Name: Bucket,
      Prefix: encode(Prefix),
      MaxKeys: itemsMax,
      KeyCount: page.objects.length + page.commonPrefixes.length,
      IsTruncated: page.next !== undefined,
      ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
      ...(page.next === undefined ? {} : { NextContinuationToken: sealToken(page.next) }),
      ...(input.StartAfter === undefined ? {} : { StartAfter: encode(input.StartAfter) }),
      ...(Delimiter === '' ? {} : { Delimiter: encode(Delimiter) }),
      ...(EncodingType === undefined ? {} : { EncodingType }),
      Contents: page.objects.map(({ key, content, lastModified }) => ({
        Key: encode(key),
        LastModified: new Date(lastModified),
        ETag: quoted(content?.etag ?? ''),
        Size: content?.size,
        StorageClass: 'STANDARD' as const,
        ...owner,
      })),
      CommonPrefixes: page.commonPrefixes.map((name) => ({ Prefix: encode(name) })),
    }
  },
}

const tokenMark = 'ek1'

function sealToken(key: string): string {
  return Buffer.from(tokenMark + key).toString('base64')
}

function openToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined
  const text = Buffer.from(token, 'base64').toString('utf8')
  if (!text.startsWith(tokenMark)) {
    const message = 'The continuation token provided is incorrect'
    throw invalidArgument('continuation-token', token, message)
  }
  return text.slice(tokenMark.length)
}
