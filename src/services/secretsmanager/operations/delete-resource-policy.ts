import { changeSecret } from '../change-secret.ts'
import type { SecretsOperation } from '../service-deps.ts'

export const deleteResourcePolicy: SecretsOperation<'DeleteResourcePolicy'> = {
  accepts: { SecretId: true },
  async handle(input, { scope }, deps) {
    const at = { scope, secretId: input.SecretId }
    const { arn, name } = await changeSecret(deps, at, (secret) => {
      const { policy: _, ...rest } = secret
      return rest
    })
    return { ARN: arn, Name: name }
  },
}
