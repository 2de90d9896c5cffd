import { empty } from '../../../wire/accept.ts'
import { createSecret as create, valueGiven } from '../secret-values.ts'
import type { SecretsOperation } from '../service-deps.ts'
import { tagsGiven } from '../tags.ts'

export const createSecret: SecretsOperation<'CreateSecret'> = {
  accepts: {
    Name: true,
    ClientRequestToken: true,
    Description: true,
    SecretBinary: true,
    SecretString: true,
    Tags: true,
    AddReplicaRegions: empty,
  },
  async handle(input, request, deps) {
    const { secret, versionId } = await create(deps, request.scope, {
      name: input.Name ?? '',
      description: input.Description,
      tags: tagsGiven(input.Tags),
      value: valueGiven(input),
      token: input.ClientRequestToken,
    })
    const version = versionId === undefined ? {} : { VersionId: versionId }
    return { ARN: secret.arn, Name: secret.name, ...version }
  },
}
