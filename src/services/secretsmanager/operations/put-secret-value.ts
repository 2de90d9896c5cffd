import { invalidParameter } from '../errors.ts'
import { putValue, stagesOf, valueGiven } from '../secret-values.ts'
import type { SecretsOperation } from '../service-deps.ts'

export const putSecretValue: SecretsOperation<'PutSecretValue'> = {
  accepts: {
    SecretId: true,
    ClientRequestToken: true,
    SecretBinary: true,
    SecretString: true,
    VersionStages: true,
  },
  async handle(input, request, deps) {
    const value = valueGiven(input)
    if (!value) throw invalidParameter('You must provide either SecretString or SecretBinary.')
    const { secret, versionId } = await putValue(deps, request.scope, {
      secretId: input.SecretId,
      value,
      token: input.ClientRequestToken,
      stages: input.VersionStages,
    })
    const VersionStages = stagesOf(secret, versionId)
    return { ARN: secret.arn, Name: secret.name, VersionId: versionId, VersionStages }
  },
}
