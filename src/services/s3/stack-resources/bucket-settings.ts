import type { BucketSettings, LifecycleRule } from '../../../objects/stored-object.ts'
import type { Properties, PropertyTree } from '../../../stacks/resource-type.ts'
import {
  blockedByDefault,
  encryptionConfiguration,
  encryptionOf,
  lifecycleOf,
  publicAccessBlockOf,
  publicAccessBlockView,
} from '../bucket-settings.ts'
import { invalidRequest } from '../errors.ts'

/** The settings of `AWS::S3::Bucket` that are honoured. */
export const settingProperties: PropertyTree = {
  AccessControl: 'string',
  BucketEncryption: {
    ServerSideEncryptionConfiguration: {
      BucketKeyEnabled: 'boolean',
      ServerSideEncryptionByDefault: { SSEAlgorithm: 'string' },
    },
  },
  LifecycleConfiguration: {
    Rules: {
      ...{ Id: 'string', Status: 'string', Prefix: 'string', ExpirationInDays: 'number' },
      NoncurrentVersionExpiration: { NoncurrentDays: 'number' },
      NoncurrentVersionExpirationInDays: 'number',
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 'number' },
    },
  },
  OwnershipControls: { Rules: { ObjectOwnership: 'string' } },
  PublicAccessBlockConfiguration: {
    ...{ BlockPublicAcls: 'boolean', BlockPublicPolicy: 'boolean' },
    ...{ IgnorePublicAcls: 'boolean', RestrictPublicBuckets: 'boolean' },
  },
}

interface SettingProperties {
  readonly AccessControl?: string
  readonly BucketEncryption?: {
    readonly ServerSideEncryptionConfiguration?: readonly {
      readonly BucketKeyEnabled?: boolean
      readonly ServerSideEncryptionByDefault?: { readonly SSEAlgorithm?: 'AES256' | 'aws:kms' }
    }[]
  }
  readonly LifecycleConfiguration?: { readonly Rules?: readonly RuleProperties[] }
  readonly OwnershipControls?: { readonly Rules?: readonly { readonly ObjectOwnership?: string }[] }
  readonly PublicAccessBlockConfiguration?: Parameters<typeof publicAccessBlockOf>[0]
}

interface RuleProperties {
  readonly Id?: string
  readonly Status?: 'Enabled' | 'Disabled'
  readonly Prefix?: string
  readonly ExpirationInDays?: number
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays?: number }
  readonly NoncurrentVersionExpirationInDays?: number
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation?: number }
}

/** What the template says of a bucket; what it does not say is as in a new bucket. A policy is another resource's. */
export function settingsOf(properties: Properties): BucketSettings {
  const given = properties as SettingProperties
  const { BucketEncryption, LifecycleConfiguration, PublicAccessBlockConfiguration } = given
  needOwnersOnly(given)
  const byDefault = BucketEncryption?.ServerSideEncryptionConfiguration
  const encryption =
    byDefault &&
    encryptionOf({
      Rules: byDefault.map(({ BucketKeyEnabled, ServerSideEncryptionByDefault }) => ({
        BucketKeyEnabled,
        ApplyServerSideEncryptionByDefault: {
          SSEAlgorithm: ServerSideEncryptionByDefault?.SSEAlgorithm,
        },
      })),
    })
  const lifecycle = LifecycleConfiguration && lifecycleOf(rulesOf(LifecycleConfiguration.Rules))
  const publicAccessBlock =
    PublicAccessBlockConfiguration && publicAccessBlockOf(PublicAccessBlockConfiguration)
  return {
    ...(encryption && { encryption }),
    ...(lifecycle && { lifecycle }),
    ...(publicAccessBlock && { publicAccessBlock }),
  }
}

function needOwnersOnly({ AccessControl = 'Private', OwnershipControls }: SettingProperties): void {
  if (!['Private', 'BucketOwnerFullControl', 'BucketOwnerRead'].includes(AccessControl)) {
    throw invalidRequest(`AccessControl ${AccessControl} is not supported here`)
  }
  for (const { ObjectOwnership } of OwnershipControls?.Rules ?? []) {
    if (ObjectOwnership === 'BucketOwnerEnforced') continue
    throw invalidRequest(`ObjectOwnership ${ObjectOwnership} is not supported here`)
  }
}

function rulesOf(rules: readonly RuleProperties[] = []): Parameters<typeof lifecycleOf>[0] {
  return rules.map((rule) => {
    const { ExpirationInDays, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = rule
    const older =
      NoncurrentVersionExpiration?.NoncurrentDays ?? rule.NoncurrentVersionExpirationInDays
    return {
      ID: rule.Id,
      Status: rule.Status,
      Prefix: rule.Prefix,
      ...(ExpirationInDays === undefined ? {} : { Expiration: { Days: ExpirationInDays } }),
      ...(older === undefined ? {} : { NoncurrentVersionExpiration: { NoncurrentDays: older } }),
      ...(AbortIncompleteMultipartUpload && {
        AbortIncompleteMultipartUpload: { ...AbortIncompleteMultipartUpload },
      }),
    }
  })
}

/** Settings in the words of a template. What every bucket begins with is told as AWS tells it. */
export function describedSettings(settings: BucketSettings): Properties {
  const { encryption, lifecycle, publicAccessBlock = blockedByDefault } = settings
  const [rule] = encryption ? (encryptionConfiguration(encryption).Rules ?? []) : []
  return {
    BucketEncryption: rule && {
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: rule.BucketKeyEnabled,
          ServerSideEncryptionByDefault: rule.ApplyServerSideEncryptionByDefault,
        },
      ],
    },
    LifecycleConfiguration: lifecycle && { Rules: lifecycle.map(describedRule) },
    OwnershipControls: settings.isOwnershipRemoved
      ? undefined
      : { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    PublicAccessBlockConfiguration: publicAccessBlock && publicAccessBlockView(publicAccessBlock),
  }
}

function describedRule(rule: LifecycleRule): Properties {
  const { id, isEnabled, prefix, expirationDays, noncurrentDays, abortUploadDays } = rule
  return {
    Id: id,
    Status: isEnabled ? 'Enabled' : 'Disabled',
    ...(prefix === '' ? {} : { Prefix: prefix }),
    ...(expirationDays === undefined ? {} : { ExpirationInDays: expirationDays }),
    ...(noncurrentDays === undefined
      ? {}
      : { NoncurrentVersionExpiration: { NoncurrentDays: noncurrentDays } }),
    ...(abortUploadDays === undefined
      ? {}
      : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: abortUploadDays } }),
  }
}
