import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { globalScopeOf, groups } from '../../../identity/records.ts'
import { groupShape } from '../groups.ts'
import { page } from '../paging.ts'

export const listGroups: Operation<IamOperations, 'ListGroups', IamDeps> = {
  accepts: { PathPrefix: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const records = await deps.identity.context.store.list(groups, globalScopeOf(request.scope))
    const chosen = records
      .map((record) => record.value)
      .filter((item) => item.path.startsWith(input.PathPrefix ?? '/'))
    const found = page(chosen, (item) => item.groupName, input)
    return { Groups: found.items.map(groupShape), ...found.mark }
  },
}
