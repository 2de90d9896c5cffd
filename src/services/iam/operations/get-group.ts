import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { groupEntities, groupShape } from '../groups.ts'
import { membersOf } from '../memberships.ts'
import { page } from '../paging.ts'
import { userShape } from '../users.ts'

export const getGroup: Operation<IamOperations, 'GetGroup', IamDeps> = {
  accepts: { GroupName: true, Marker: true, MaxItems: true },
  async handle(input, request, deps) {
    const { value: group } = await groupEntities.named(deps, request.scope, input.GroupName)
    const members = await membersOf(deps.identity.context.store, request.scope, group)
    const found = page(members, (user) => user.userName, input)
    return { Group: groupShape(group), Users: found.items.map(userShape), ...found.mark }
  },
}
