import type { Tag } from '../../kernel/tags.ts'
import { kindOf } from '../../store/records.ts'

/** id: the name. Values are apart, one record a version. */
export interface Secret {
  readonly name: string
  readonly arn: string
  readonly description?: string
  readonly tags: readonly Tag[]
  /** Version ids by staging label. */
  readonly stages: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly changedAt: number
  readonly accessedAt?: number
  /** When it was marked for deletion, and when it goes. */
  readonly deletion?: { readonly askedAt: number; readonly at: number }
  readonly policy?: string
  /** The token of the stack resource that made it. */
  readonly madeBy?: string
}

/** id `arn/versionId`, owner the ARN. The value is sealed, bound to both. */
export interface SecretVersion {
  readonly versionId: string
  readonly sealed: string
  readonly isBinary: boolean
  readonly createdAt: number
}

export const secrets = kindOf<Secret>('secretsmanager/secret')
export const secretVersions = kindOf<SecretVersion>('secretsmanager/version')

export const current = 'AWSCURRENT'
export const previous = 'AWSPREVIOUS'
