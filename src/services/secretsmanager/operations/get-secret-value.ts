import { needSecret } from '../find-secret.ts'
import type { SecretsOperation } from '../service-deps.ts'
import { shownValue } from '../shown-value.ts'

export const getSecretValue: SecretsOperation<'GetSecretValue'> = {
  accepts: { SecretId: true, VersionId: true, VersionStage: true },
  async handle(input, request, deps) {
    const secret = await needSecret(deps, request.scope, input.SecretId)
    return shownValue(deps, secret, { versionId: input.VersionId, stage: input.VersionStage })
  },
}
