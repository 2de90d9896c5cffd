import type { Operation } from '../../../wire/service.ts'
import { copySource } from '../copy-source.ts'
import { invalidArgument, invalidRange, preconditionFailed } from '../errors.ts'
import type { S3Deps, S3Operations } from '../deps.ts'
import { encryptionView, quoted } from '../object-view.ts'
import { checkReadConditions } from '../read-conditions.ts'

export const uploadPartCopy: Operation<S3Operations, 'UploadPartCopy', S3Deps> = {
  accepts: {
    Bucket: true,
    Key: true,
    UploadId: true,
    PartNumber: true,
    CopySource: true,
    CopySourceRange: true,
    CopySourceIfMatch: true,
    CopySourceIfNoneMatch: true,
    CopySourceIfModifiedSince: true,
    CopySourceIfUnmodifiedSince: true,
    ExpectedBucketOwner: true,
    ExpectedSourceBucketOwner: true,
  },
  async handle(input, request, { objects }) {
    const at = {
      bucket: input.Bucket ?? '',
      key: input.Key ?? '',
      uploadId: input.UploadId ?? '',
      number: input.PartNumber ?? 0,
    }
    const conditions = {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    }
    const source = copySource(input.CopySource)
    const found = await objects.objects.open(request.scope, source, (object) => {
      checkReadConditions(conditions, object, () => preconditionFailed('copy-source'))
      return rangeOf(input.CopySourceRange, object.content.size)
    })
    const part = await objects.multipart
      .putPart(request.scope, at, found.body)
      .finally(() => found.body.destroy())
    return {
      CopyPartResult: { ETag: quoted(part.etag), LastModified: new Date(part.storedAt) },
      ...encryptionView(part.seal),
      ...(found.isVersioned ? { CopySourceVersionId: found.version.versionId } : {}),
    }
  },
}

/** Stricter than a read's range: both ends are named and exist. */
function rangeOf(
  header: string | undefined,
  size: number,
): { start: number; end: number } | undefined {
  if (header === undefined) return undefined
  const match = /^bytes=(\d+)-(\d+)$/.exec(header)
  const start = Number(match?.[1])
  const end = Number(match?.[2])
  if (!match || end < start) {
    throw invalidArgument(
      'x-amz-copy-source-range',
      header,
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    )
  }
  if (end >= size) throw invalidRange(header, size)
  return { start, end }
}
