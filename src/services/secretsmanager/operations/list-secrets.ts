import { is } from '../../../wire/accept.ts'
import { filteredSecrets } from '../filters.ts'
import { isOver } from '../find-secret.ts'
import { pageBy } from '../paging.ts'
import { secretView, versionsToStages } from '../secret-view.ts'
import { secrets } from '../secret.ts'
import type { SecretsOperation } from '../service-deps.ts'

export const listSecrets: SecretsOperation<'ListSecrets'> = {
  accepts: {
    IncludePlannedDeletion: true,
    MaxResults: true,
    NextToken: true,
    Filters: { Key: true, Values: true },
    SortOrder: is('asc'),
  },
  async handle(input, request, deps) {
    const all = (await deps.store.list(secrets, request.scope)).map(({ value }) => value)
    const shown = all.filter(
      (secret) =>
        !isOver(deps, secret) && (input.IncludePlannedDeletion === true || !secret.deletion),
    )
    const found = filteredSecrets(shown, input.Filters ?? [])
    const { items, token } = pageBy(found, ({ name }) => name, input)
    const SecretList = items.map((secret) => ({
      ...secretView(secret),
      SecretVersionsToStages: versionsToStages(secret),
    }))
    return { SecretList, ...token }
  },
}
