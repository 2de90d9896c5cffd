import type { SecretListEntry } from '@aws-sdk/client-secrets-manager'
import { stagesOf } from './secret-values.ts'
import type { Secret } from './secret.ts'

/** What descriptions and listings have in common. */
export function secretView(secret: Secret): SecretListEntry {
  const { description, accessedAt, deletion } = secret
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(description === undefined ? {} : { Description: description }),
    LastChangedDate: new Date(secret.changedAt),
    ...(accessedAt === undefined ? {} : { LastAccessedDate: new Date(accessedAt) }),
    ...(deletion ? { DeletedDate: new Date(deletion.askedAt) } : {}),
    ...(secret.tags.length === 0 ? {} : { Tags: secret.tags.map((tag) => ({ ...tag })) }),
    CreatedDate: new Date(secret.createdAt),
  }
}

export function versionsToStages(secret: Secret): Record<string, string[]> {
  const ids = new Set(Object.values(secret.stages))
  return Object.fromEntries([...ids].map((id) => [id, stagesOf(secret, id)]))
}
