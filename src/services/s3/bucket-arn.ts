import { partitionOf } from '../../kernel/scope.ts'

/** Bucket ARNs name neither region nor account. */
export function arnOfBucket(bucket: { name: string; region: string }): string {
  return `arn:${partitionOf(bucket.region)}:s3:::${bucket.name}`
}
