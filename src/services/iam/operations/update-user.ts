import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { renameUser } from '../users.ts'

export const updateUser: Operation<IamOperations, 'UpdateUser', IamDeps> = {
  accepts: { UserName: true, NewUserName: true, NewPath: true },
  async handle(input, request, deps) {
    const to = { name: input.NewUserName, path: input.NewPath }
    await renameUser(deps, request.scope, input.UserName ?? '', to)
    return {}
  },
}
