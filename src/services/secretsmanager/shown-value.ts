import { modify, type StoredRecord } from '../../store/records.ts'
import { readValue, stagesOf } from './secret-values.ts'
import { secrets, type Secret } from './secret.ts'
import type { SecretsDeps } from './service-deps.ts'

const dayMilliseconds = 24 * 3600 * 1000

/** A version's value as it is told, which counts as access: the date alone is shown, as on AWS, so it is written once a day. */
export async function shownValue(
  deps: SecretsDeps,
  secret: StoredRecord<Secret>,
  which: { readonly versionId?: string | undefined; readonly stage?: string | undefined } = {},
) {
  const { arn, name, accessedAt } = secret.value
  const { versionId, createdAt, text, isBinary } = await readValue(deps, secret, which)
  const today = deps.clock.now() - (deps.clock.now() % dayMilliseconds)
  if (accessedAt !== today) {
    const at = { kind: secrets, scope: secret.scope, id: name }
    await modify(deps.store, at, (known) => ({ ...known, accessedAt: today }))
  }
  return {
    ARN: arn,
    Name: name,
    VersionId: versionId,
    ...(isBinary ? { SecretBinary: Buffer.from(text, 'base64') } : { SecretString: text }),
    VersionStages: stagesOf(secret.value, versionId),
    CreatedDate: new Date(createdAt),
  }
}
