import { globalScopeOf, managedPolicies } from '../../../identity/records.ts'
import { is } from '../../../wire/accept.ts'
import type { Operation } from '../../../wire/service.ts'
import { awsPolicies } from '../aws-policies.ts'
import { attachedArns } from '../holders.ts'
import { policyShape, type ReadablePolicy } from '../managed-policies.ts'
import { page } from '../paging.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const listPolicies: Operation<IamOperations, 'ListPolicies', IamDeps> = {
  accepts: {
    PathPrefix: true,
    Marker: true,
    MaxItems: true,
    Scope: is('All', 'AWS', 'Local'),
    OnlyAttached: true,
  },
  async handle(input, { scope }, deps) {
    const { store } = deps.identity.context
    const records = await store.list(managedPolicies, globalScopeOf(scope))
    const all: readonly ReadablePolicy[] = [
      ...(input.Scope === 'AWS' ? [] : records.map(({ value }) => value)),
      ...(input.Scope === 'Local' ? [] : awsPolicies),
    ]
    const attached = input.OnlyAttached ? await attachedArns(store, scope) : undefined
    const chosen = all.filter(
      ({ path, arn }) => path.startsWith(input.PathPrefix ?? '/') && attached?.has(arn) !== false,
    )
    const found = page(chosen, ({ name, arn }) => `${name} ${arn}`, input)
    return {
      Policies: await Promise.all(found.items.map((item) => policyShape(deps, scope, item))),
      ...found.mark,
    }
  },
}
