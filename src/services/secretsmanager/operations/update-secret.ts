import { modify } from '../../../store/records.ts'
import { secretNotFound } from '../errors.ts'
import { needSecret } from '../find-secret.ts'
import { putValue, valueGiven } from '../secret-values.ts'
import { secrets } from '../secret.ts'
import type { SecretsOperation } from '../service-deps.ts'

export const updateSecret: SecretsOperation<'UpdateSecret'> = {
  accepts: {
    SecretId: true,
    ClientRequestToken: true,
    Description: true,
    SecretBinary: true,
    SecretString: true,
  },
  async handle(input, request, deps) {
    const { scope } = request
    const value = valueGiven(input)
    const { Description: description, ClientRequestToken: token } = input
    if (value) {
      const given = { secretId: input.SecretId, value, token, description }
      const { secret, versionId } = await putValue(deps, scope, given)
      return { ARN: secret.arn, Name: secret.name, VersionId: versionId }
    }
    const found = await needSecret(deps, scope, input.SecretId)
    const at = { kind: secrets, scope, id: found.id }
    const changed = await modify(deps.store, at, (known) => ({
      ...known,
      ...(description === undefined ? {} : { description }),
      changedAt: deps.clock.now(),
    }))
    if (!changed) throw secretNotFound()
    return { ARN: changed.value.arn, Name: changed.value.name }
  },
}
