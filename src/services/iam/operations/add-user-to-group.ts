import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { addMember } from '../memberships.ts'

export const addUserToGroup: Operation<IamOperations, 'AddUserToGroup', IamDeps> = {
  accepts: { GroupName: true, UserName: true },
  async handle(input, request, deps) {
    await addMember(deps, request.scope, input.GroupName, input.UserName)
    return {}
  },
}
