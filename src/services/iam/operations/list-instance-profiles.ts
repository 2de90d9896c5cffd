import { globalScopeOf, instanceProfiles } from '../../../identity/records.ts'
import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { page } from '../paging.ts'
import { profileShape } from '../instance-profiles.ts'

export const listInstanceProfiles: Operation<IamOperations, 'ListInstanceProfiles', IamDeps> = {
  accepts: { PathPrefix: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const records = await deps.identity.context.store.list(
      instanceProfiles,
      globalScopeOf(request.scope),
    )
    const chosen = records
      .map((record) => record.value)
      .filter((item) => item.path.startsWith(input.PathPrefix ?? '/'))
    const found = page(chosen, (item) => item.name, input)
    return {
      InstanceProfiles: await Promise.all(
        found.items.map((item) => profileShape(deps, request.scope, item)),
      ),
      ...found.mark,
    }
  },
}
