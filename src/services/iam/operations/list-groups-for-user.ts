import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { groupShape, groupsHolding } from '../groups.ts'
import { page } from '../paging.ts'
import { userEntities } from '../users.ts'

export const listGroupsForUser: Operation<IamOperations, 'ListGroupsForUser', IamDeps> = {
  accepts: { UserName: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const { value: user } = await userEntities.named(deps, request.scope, input.UserName)
    const { store } = deps.identity.context
    const held = await groupsHolding(store, request.scope, user.userName)
    const groups = held.map((record) => record.value)
    const found = page(groups, (group) => group.groupName, input)
    return { Groups: found.items.map(groupShape), ...found.mark }
  },
}
