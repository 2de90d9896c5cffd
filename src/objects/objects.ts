import type { Readable } from 'node:stream'
import type { Scope } from '../kernel/scope.ts'

export interface ObjectView {
  readonly bucket: string
  readonly key: string
  readonly size: number
  /** Without quotes. */
  readonly etag: string
  readonly versionId: string | undefined
  readonly lastModified: number
}

/** What other engines ask of S3: CodeDeploy's bundles, CloudFormation's templates. */
export interface ObjectReader {
  /** Undefined when the bucket or the key does not exist for this account. */
  head(
    scope: Scope,
    at: { bucket: string; key: string; versionId?: string },
  ): Promise<ObjectView | undefined>
  read(
    scope: Scope,
    at: { bucket: string; key: string; versionId?: string },
  ): Promise<{ view: ObjectView; body: Readable } | undefined>
}
