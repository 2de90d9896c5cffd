import { needSecret } from '../find-secret.ts'
import type { SecretsOperation } from '../service-deps.ts'

export const getResourcePolicy: SecretsOperation<'GetResourcePolicy'> = {
  accepts: { SecretId: true },
  async handle(input, { scope }, deps) {
    const { arn, name, policy } = (await needSecret(deps, scope, input.SecretId)).value
    return { ARN: arn, Name: name, ...(policy === undefined ? {} : { ResourcePolicy: policy }) }
  },
}
