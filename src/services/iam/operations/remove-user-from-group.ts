import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { removeMember } from '../memberships.ts'

export const removeUserFromGroup: Operation<IamOperations, 'RemoveUserFromGroup', IamDeps> = {
  accepts: { GroupName: true, UserName: true },
  async handle(input, request, deps) {
    await removeMember(deps, request.scope, input.GroupName, input.UserName)
    return {}
  },
}
