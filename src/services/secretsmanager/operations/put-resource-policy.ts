import { is } from '../../../wire/accept.ts'
import { changeSecret } from '../change-secret.ts'
import { malformedPolicy } from '../errors.ts'
import type { SecretsOperation } from '../service-deps.ts'

export const putResourcePolicy: SecretsOperation<'PutResourcePolicy'> = {
  accepts: { SecretId: true, ResourcePolicy: true, BlockPublicPolicy: is(false) },
  async handle(input, { scope }, deps) {
    const policy = input.ResourcePolicy ?? ''
    if (!isDocument(policy)) throw malformedPolicy()
    const at = { scope, secretId: input.SecretId }
    const { arn, name } = await changeSecret(deps, at, (secret) => ({ ...secret, policy }))
    return { ARN: arn, Name: name }
  },
}

function isDocument(text: string): boolean {
  try {
    const document: unknown = JSON.parse(text)
    return typeof document === 'object' && document !== null && 'Statement' in document
  } catch {
    return false
  }
}
