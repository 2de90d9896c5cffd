import type { Pair } from './form.ts'

export function isPresigned(query: readonly Pair[]): boolean {
  return query.some(([name]) => name === 'X-Amz-Signature' || name === 'AWSAccessKeyId')
}

/**
 * What S3 does not take out of a presigned URL's query: the token is the signature's, and checksums there are ignored. The JavaScript SDK
 * puts the checksum of an empty body into every URL for an upload (aws-sdk-js-v3 since 3.729; observed on AWS by localstack #12169).
 */
const stays = /^x-amz-(?:security-token|checksum-.*|sdk-checksum-algorithm)$/

/**
 * A presigned URL may carry headers in its query, `x-amz-meta-name=value`. They were signed there, so they win over a header of the
 * same name.
 */
export function promoteHeaders(query: readonly Pair[], headers: Record<string, string>): void {
  for (const [name, value] of query) {
    const isHeader = name.startsWith('x-amz-') || name === 'content-type' || name === 'content-md5'
    if (isHeader && !stays.test(name)) headers[name] = value
  }
}
