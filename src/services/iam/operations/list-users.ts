import { globalScopeOf, users } from '../../../identity/records.ts'
import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { page } from '../paging.ts'
import { userShape } from '../users.ts'

export const listUsers: Operation<IamOperations, 'ListUsers', IamDeps> = {
  accepts: { PathPrefix: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const records = await deps.identity.context.store.list(users, globalScopeOf(request.scope))
    const chosen = records
      .map((record) => record.value)
      .filter((item) => item.path.startsWith(input.PathPrefix ?? '/'))
    const found = page(chosen, (item) => item.userName, input)
    return { Users: found.items.map(userShape), ...found.mark }
  },
}
