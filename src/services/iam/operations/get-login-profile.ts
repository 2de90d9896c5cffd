import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { userOrCaller } from '../access-keys.ts'
import { loginProfileShape } from '../login-profiles.ts'
import { userEntities } from '../users.ts'

export const getLoginProfile: Operation<IamOperations, 'GetLoginProfile', IamDeps> = {
  accepts: { UserName: true },
  async handle(input, request, deps) {
    const userName = userOrCaller(input.UserName, request)
    const { value: user } = await userEntities.named(deps, request.scope, userName)
    return { LoginProfile: loginProfileShape(user) }
  },
}
