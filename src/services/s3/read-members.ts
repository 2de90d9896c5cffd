/** What GetObject and HeadObject honour. */
export const readMembers = {
  Bucket: true,
  Key: true,
  VersionId: true,
  ExpectedBucketOwner: true,
  Range: true,
  IfMatch: true,
  IfNoneMatch: true,
  IfModifiedSince: true,
  IfUnmodifiedSince: true,
  ChecksumMode: true,
  ResponseCacheControl: true,
  ResponseContentDisposition: true,
  ResponseContentEncoding: true,
  ResponseContentLanguage: true,
  ResponseContentType: true,
  ResponseExpires: true,
} as const
