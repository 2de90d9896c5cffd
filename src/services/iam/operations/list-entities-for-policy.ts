import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { checkAttachable } from '../policies.ts'
import { holdersOf } from '../managed-policies.ts'

export const listEntitiesForPolicy: Operation<IamOperations, 'ListEntitiesForPolicy', IamDeps> = {
  accepts: { PolicyArn: true },
  async handle(input, request, deps) {
    const arn = await checkAttachable(deps, request.scope, input.PolicyArn)
    const holders = await holdersOf(deps.identity.context.store, request.scope, arn)
    return {
      PolicyGroups: holders.groups.map((group) => ({
        GroupName: group.groupName,
        GroupId: group.groupId,
      })),
      PolicyUsers: holders.users.map((user) => ({ UserName: user.userName, UserId: user.userId })),
      PolicyRoles: holders.roles.map((role) => ({ RoleName: role.roleName, RoleId: role.roleId })),
      IsTruncated: false,
    }
  },
}
