import type {
  LifecycleRule as RuleView,
  PublicAccessBlockConfiguration,
  ServerSideEncryptionConfiguration,
} from '@aws-sdk/client-s3'
import type { Encryption, LifecycleRule, PublicAccessBlock } from '../../objects/stored-object.ts'
import { invalidArgument, invalidRequest, malformedPolicy, malformedXml } from './errors.ts'

/** The one rule that a bucket may have. */
export function encryptionOf(
  configuration: ServerSideEncryptionConfiguration | undefined,
): Encryption {
  const [rule, ...more] = configuration?.Rules ?? []
  const algorithm = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm
  if (more.length > 0 || (algorithm !== 'AES256' && algorithm !== 'aws:kms')) throw malformedXml()
  return { algorithm, ...(rule?.BucketKeyEnabled ? { hasBucketKey: true } : {}) }
}

export function encryptionConfiguration({
  algorithm,
  hasBucketKey = false,
}: Encryption): ServerSideEncryptionConfiguration {
  const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm } }
  return { Rules: [{ ...rule, BucketKeyEnabled: hasBucketKey }] }
}

/** What every bucket begins with, as on AWS. */
export const blockedByDefault: PublicAccessBlock = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
}

export function publicAccessBlockOf(
  given: PublicAccessBlockConfiguration | undefined,
): PublicAccessBlock {
  return {
    blockPublicAcls: given?.BlockPublicAcls ?? false,
    ignorePublicAcls: given?.IgnorePublicAcls ?? false,
    blockPublicPolicy: given?.BlockPublicPolicy ?? false,
    restrictPublicBuckets: given?.RestrictPublicBuckets ?? false,
  }
}

export function publicAccessBlockView(block: PublicAccessBlock): PublicAccessBlockConfiguration {
  return {
    BlockPublicAcls: block.blockPublicAcls,
    IgnorePublicAcls: block.ignorePublicAcls,
    BlockPublicPolicy: block.blockPublicPolicy,
    RestrictPublicBuckets: block.restrictPublicBuckets,
  }
}

/** AWS's limit. */
const policyBytesMax = 20 * 1024

/** A policy that can be read as one; what its values mean is not looked at. */
export function checkedPolicy(text: string): string {
  if (Buffer.byteLength(text) > policyBytesMax) throw malformedPolicy('Policies must be valid JSON')
  let policy: unknown
  try {
    policy = JSON.parse(text)
  } catch {
    throw malformedPolicy("Policies must be valid JSON and the first byte must be '{'")
  }
  const listed = (policy as { readonly Statement?: unknown } | null)?.Statement
  const statements = Array.isArray(listed) ? listed : [listed]
  for (const statement of statements as readonly (Record<string, unknown> | undefined)[]) {
    if (statement?.['Effect'] !== 'Allow' && statement?.['Effect'] !== 'Deny') {
      throw malformedPolicy('Missing required field Effect')
    }
    for (const member of ['Principal', 'Action', 'Resource']) {
      if (statement[member] === undefined && statement[`Not${member}`] === undefined) {
        throw malformedPolicy(`Missing required field ${member}`)
      }
    }
  }
  return text
}

const rulesMax = 1000

export function lifecycleOf(rules: readonly RuleView[] | undefined): readonly LifecycleRule[] {
  if (!rules || rules.length === 0 || rules.length > rulesMax) throw malformedXml()
  return rules.map((rule, index) => {
    const { Status, Filter, Prefix, Expiration, NoncurrentVersionExpiration: older } = rule
    if (Status !== 'Enabled' && Status !== 'Disabled') throw malformedXml()
    const read = {
      id: rule.ID ?? `rule-${index + 1}`,
      isEnabled: Status === 'Enabled',
      prefix: Filter?.Prefix ?? Prefix ?? '',
      ...days('expirationDays', Expiration?.Days),
      ...days('noncurrentDays', older?.NoncurrentDays),
      ...days('abortUploadDays', rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation),
    }
    if (Object.keys(read).length === 3) {
      throw invalidRequest('At least one action needs to be specified in a rule.')
    }
    return read
  })
}

function days(name: string, value: number | undefined): Record<string, number> {
  if (value === undefined) return {}
  if (Number.isInteger(value) && value > 0) return { [name]: value }
  throw invalidArgument(name, String(value), "'Days' must be a positive integer")
}

export function lifecycleView(rules: readonly LifecycleRule[]): RuleView[] {
  return rules.map((rule) => ({
    ID: rule.id,
    Status: rule.isEnabled ? 'Enabled' : 'Disabled',
    Filter: { Prefix: rule.prefix },
    ...(rule.expirationDays === undefined ? {} : { Expiration: { Days: rule.expirationDays } }),
    ...(rule.noncurrentDays === undefined
      ? {}
      : { NoncurrentVersionExpiration: { NoncurrentDays: rule.noncurrentDays } }),
    ...(rule.abortUploadDays === undefined
      ? {}
      : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: rule.abortUploadDays } }),
  }))
}
