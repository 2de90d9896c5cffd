import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { deleteUser as removeUser } from '../users.ts'

export const deleteUser: Operation<IamOperations, 'DeleteUser', IamDeps> = {
  accepts: { UserName: true },
  async handle(input, request, deps) {
    await removeUser(deps, request.scope, input.UserName ?? '')
    return {}
  },
}
