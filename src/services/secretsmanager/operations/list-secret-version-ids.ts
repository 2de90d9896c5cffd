import { needSecret } from '../find-secret.ts'
import { pageBy } from '../paging.ts'
import { stagesOf } from '../secret-values.ts'
import { secretVersions } from '../secret.ts'
import type { SecretsOperation } from '../service-deps.ts'

export const listSecretVersionIds: SecretsOperation<'ListSecretVersionIds'> = {
  accepts: { SecretId: true, IncludeDeprecated: true, MaxResults: true, NextToken: true },
  async handle(input, request, deps) {
    const { value: secret } = await needSecret(deps, request.scope, input.SecretId)
    const records = await deps.store.list(secretVersions, request.scope, { owner: secret.arn })
    const all = records.map(({ value }) => ({
      VersionId: value.versionId,
      VersionStages: stagesOf(secret, value.versionId),
      CreatedDate: new Date(value.createdAt),
    }))
    const shown = all.filter(
      ({ VersionStages }) => input.IncludeDeprecated === true || VersionStages.length > 0,
    )
    const { items, token } = pageBy(shown, ({ VersionId }) => VersionId, input)
    return { ARN: secret.arn, Name: secret.name, Versions: [...items], ...token }
  },
}
