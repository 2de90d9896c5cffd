import { modify } from '../../../store/records.ts'
import { needSecret } from '../find-secret.ts'
import { secrets } from '../secret.ts'
import type { SecretsOperation } from '../service-deps.ts'

export const restoreSecret: SecretsOperation<'RestoreSecret'> = {
  accepts: { SecretId: true },
  async handle(input, request, deps) {
    const { id, value } = await needSecret(deps, request.scope, input.SecretId, 'deleted')
    const at = { kind: secrets, scope: request.scope, id }
    await modify(deps.store, at, (known) => {
      const { deletion: _, ...rest } = known
      return rest
    })
    return { ARN: value.arn, Name: value.name }
  },
}
