import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { userOrCaller } from '../access-keys.ts'
import { entityAlreadyExists } from '../errors.ts'
import { checkPassword, loginProfileShape } from '../login-profiles.ts'
import { userEntities } from '../users.ts'

export const createLoginProfile: Operation<IamOperations, 'CreateLoginProfile', IamDeps> = {
  accepts: { UserName: true, Password: true, PasswordResetRequired: true },
  async handle(input, request, deps) {
    const userName = userOrCaller(input.UserName, request)
    checkPassword(input.Password)
    const createdAt = deps.identity.context.clock.now()
    const isResetRequired = input.PasswordResetRequired ?? false
    const user = await userEntities.change(deps, request.scope, userName, (value) => {
      if (value.loginProfile) {
        throw entityAlreadyExists(`Login Profile for user ${value.userName}`)
      }
      return { ...value, loginProfile: { createdAt, isResetRequired } }
    })
    return { LoginProfile: loginProfileShape(user) }
  },
}
