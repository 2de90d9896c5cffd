import { is } from '../../../wire/accept.ts'
import type { Operation } from '../../../wire/service.ts'
import { copySource } from '../copy-source.ts'
import { invalidRequest, preconditionFailed } from '../errors.ts'
import { descriptionMembers, descriptionOf } from '../object-description.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { encryptionView, quoted, versionIdOf } from '../object-view.ts'
import { checkReadConditions } from '../read-conditions.ts'
import { writeConditions } from '../write-conditions.ts'

export const copyObject: Operation<S3Operations, 'CopyObject', S3Deps> = {
  accepts: {
    Bucket: true,
    Key: true,
    CopySource: true,
    ExpectedBucketOwner: true,
    ExpectedSourceBucketOwner: true,
    CopySourceIfMatch: true,
    CopySourceIfNoneMatch: true,
    CopySourceIfModifiedSince: true,
    CopySourceIfUnmodifiedSince: true,
    IfMatch: true,
    IfNoneMatch: true,
    MetadataDirective: is('COPY', 'REPLACE'),
    TaggingDirective: is('COPY', 'REPLACE'),
    ...descriptionMembers,
  },
  async handle(input, request, { objects }) {
    const at = { bucket: input.Bucket ?? '', key: input.Key ?? '' }
    const source = copySource(input.CopySource)
    const found = await objects.objects.require(request.scope, source)
    const conditions = {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    }
    checkReadConditions(conditions, found, () => preconditionFailed('copy-source'))
    const replaces = input.MetadataDirective === 'REPLACE'
    const isSame = source.bucket === at.bucket && source.key === at.key
    const changes = replaces || input.WebsiteRedirectLocation || input.ServerSideEncryption
    if (isSame && source.versionId === undefined && !changes) {
      throw invalidRequest(
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      )
    }
    const { headers, metadata, tags, encryption } = descriptionOf(input, request)
    const copied = await objects.objects.copyBytes(request.scope, found, at, encryption)
    const { md5, ...blob } = copied
    const version = await objects.objects.commit(
      request.scope,
      at,
      {
        ...blob,
        etag: md5,
        headers: replaces ? headers : found.content.headers,
        metadata: replaces ? metadata : found.content.metadata,
        tags: input.TaggingDirective === 'REPLACE' ? tags : found.content.tags,
        checksums: found.content.checksums,
      },
      { conditions: writeConditions(input) },
    )
    return {
      CopyObjectResult: { ETag: quoted(md5), LastModified: new Date(version.lastModified) },
      ...versionIdOf(version),
      ...encryptionView(blob.seal),
      ...(found.isVersioned ? { CopySourceVersionId: found.version.versionId } : {}),
    }
  },
}
