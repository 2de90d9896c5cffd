import { globalScopeOf, roles } from '../../../identity/records.ts'
import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { page } from '../paging.ts'
import { roleShape } from '../roles.ts'

export const listRoles: Operation<IamOperations, 'ListRoles', IamDeps> = {
  accepts: { PathPrefix: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const records = await deps.identity.context.store.list(roles, globalScopeOf(request.scope))
    const chosen = records
      .map((record) => record.value)
      .filter((item) => item.path.startsWith(input.PathPrefix ?? '/'))
    const found = page(chosen, (item) => item.roleName, input)
    return { Roles: found.items.map(roleShape), ...found.mark }
  },
}
