import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { userOrCaller } from '../access-keys.ts'
import { loginProfileOf } from '../login-profiles.ts'
import { userEntities } from '../users.ts'

export const deleteLoginProfile: Operation<IamOperations, 'DeleteLoginProfile', IamDeps> = {
  accepts: { UserName: true },
  async handle(input, request, deps) {
    const userName = userOrCaller(input.UserName, request)
    await userEntities.change(deps, request.scope, userName, (user) => {
      loginProfileOf(user)
      return { ...user, loginProfile: undefined }
    })
    return {}
  },
}
