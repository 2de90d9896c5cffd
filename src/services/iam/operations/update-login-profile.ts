import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { checkPassword, loginProfileOf } from '../login-profiles.ts'
import { userEntities } from '../users.ts'

export const updateLoginProfile: Operation<IamOperations, 'UpdateLoginProfile', IamDeps> = {
  accepts: { UserName: true, Password: true, PasswordResetRequired: true },
  async handle(input, request, deps) {
    if (input.Password !== undefined) checkPassword(input.Password)
    await userEntities.change(deps, request.scope, input.UserName, (user) => {
      const held = loginProfileOf(user)
      const isResetRequired = input.PasswordResetRequired ?? held.isResetRequired
      return { ...user, loginProfile: { ...held, isResetRequired } }
    })
    return {}
  },
}
