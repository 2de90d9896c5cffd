import { is } from '../../../wire/accept.ts'
import type { Operation } from '../../../wire/service.ts'
import { holdersOf } from '../holders.ts'
import { pageOfKinds } from '../paging.ts'
import { checkAttachable } from '../policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const listEntitiesForPolicy: Operation<IamOperations, 'ListEntitiesForPolicy', IamDeps> = {
  accepts: {
    PolicyArn: true,
    EntityFilter: is('User', 'Role', 'Group'),
    PathPrefix: true,
    Marker: true,
    MaxItems: true,
  },
  async handle(input, { scope }, deps) {
    const arn = await checkAttachable(deps, scope, input.PolicyArn)
    const { groups, users, roles } = await holdersOf(deps.identity.context.store, scope, arn)
    const isWithin = ({ path }: { readonly path: string }) =>
      path.startsWith(input.PathPrefix ?? '/')
    const { items, mark } = pageOfKinds(
      {
        Group: groups.filter(isWithin),
        User: users.filter(isWithin),
        Role: roles.filter(isWithin),
      },
      { ...input, Filter: input.EntityFilter ? [input.EntityFilter] : [] },
    )
    return {
      PolicyGroups: items.Group.map(({ groupName, groupId }) => ({
        ...{ GroupName: groupName, GroupId: groupId },
      })),
      PolicyUsers: items.User.map(({ userName, userId }) => ({
        ...{ UserName: userName, UserId: userId },
      })),
      PolicyRoles: items.Role.map(({ roleName, roleId }) => ({
        ...{ RoleName: roleName, RoleId: roleId },
      })),
      ...mark,
    }
  },
}
