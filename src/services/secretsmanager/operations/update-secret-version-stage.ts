import { changeSecret } from '../change-secret.ts'
import { invalidParameter, valueNotFound } from '../errors.ts'
import { needSecret } from '../find-secret.ts'
import { moved } from '../secret-values.ts'
import { current, secretVersions, type Secret } from '../secret.ts'
import type { SecretsOperation } from '../service-deps.ts'

export const updateSecretVersionStage: SecretsOperation<'UpdateSecretVersionStage'> = {
  accepts: { SecretId: true, VersionStage: true, RemoveFromVersionId: true, MoveToVersionId: true },
  async handle(input, { scope }, deps) {
    const { VersionStage: label = '', RemoveFromVersionId: from, MoveToVersionId: to } = input
    const { value } = await needSecret(deps, scope, input.SecretId)
    if (to !== undefined) {
      const version = await deps.store.find(secretVersions, scope, `${value.arn}/${to}`)
      if (!version) throw valueNotFound(`VersionId: ${to}`)
    } else if (label === current) {
      throw invalidParameter('AWSCURRENT can only be moved to another version.')
    }
    const change = (secret: Secret): Secret => {
      const holder = secret.stages[label]
      if (holder !== undefined && holder !== to && holder !== from) {
        throw invalidParameter(
          `The parameter RemoveFromVersionId can't be empty. Staging label ${label} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`,
        )
      }
      const { [label]: _, ...rest } = secret.stages
      const stages = to === undefined ? rest : moved(secret.stages, [label], to)
      return { ...secret, stages, changedAt: deps.clock.now() }
    }
    const { arn, name } = await changeSecret(deps, { scope, secretId: input.SecretId }, change)
    return { ARN: arn, Name: name }
  },
}
