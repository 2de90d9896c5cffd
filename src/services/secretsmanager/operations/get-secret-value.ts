import { modify } from '../../../store/records.ts'
import { needSecret } from '../find-secret.ts'
import { readValue, stagesOf } from '../secret-values.ts'
import { secrets } from '../secret.ts'
import type { SecretsOperation } from '../service-deps.ts'

const dayMilliseconds = 24 * 3600 * 1000

export const getSecretValue: SecretsOperation<'GetSecretValue'> = {
  accepts: { SecretId: true, VersionId: true, VersionStage: true },
  async handle(input, request, deps) {
    const secret = await needSecret(deps, request.scope, input.SecretId)
    const { arn, name, accessedAt } = secret.value
    const value = await readValue(deps, secret, {
      versionId: input.VersionId,
      stage: input.VersionStage,
    })
    // The date alone is shown, as on AWS: it is written once a day.
    const today = deps.clock.now() - (deps.clock.now() % dayMilliseconds)
    if (accessedAt !== today) {
      const at = { kind: secrets, scope: request.scope, id: name }
      await modify(deps.store, at, (known) => ({ ...known, accessedAt: today }))
    }
    const { versionId, createdAt, text, isBinary } = value
    return {
      ARN: arn,
      Name: name,
      VersionId: versionId,
      ...(isBinary ? { SecretBinary: Buffer.from(text, 'base64') } : { SecretString: text }),
      VersionStages: stagesOf(secret.value, versionId),
      CreatedDate: new Date(createdAt),
    }
  },
}
