import { globalScopeOf, managedPolicies } from '../../../identity/records.ts'
import { is } from '../../../wire/accept.ts'
import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { page } from '../paging.ts'
import { policyShape } from '../managed-policies.ts'

export const listPolicies: Operation<IamOperations, 'ListPolicies', IamDeps> = {
  accepts: {
    PathPrefix: true,
    Marker: true,
    MaxItems: true,
    Scope: is('All', 'Local'),
    OnlyAttached: is(false),
  },
  async handle(input, request, deps) {
    const { store } = deps.identity.context
    const records = await store.list(managedPolicies, globalScopeOf(request.scope))
    const chosen = records
      .map((record) => record.value)
      .filter((item) => item.path.startsWith(input.PathPrefix ?? '/'))
    const found = page(chosen, (item) => item.name, input)
    return {
      Policies: await Promise.all(
        found.items.map((item) => policyShape(deps, request.scope, item)),
      ),
      ...found.mark,
    }
  },
}
