import { rootHolder } from '../../../identity/create-identity.ts'
import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { userEntities, userShape } from '../users.ts'
import { userOrCaller, rootUserName } from '../access-keys.ts'

export const getUser: Operation<IamOperations, 'GetUser', IamDeps> = {
  accepts: { UserName: true },
  async handle(input, request, deps) {
    const name = userOrCaller(input.UserName, request)
    if (name !== undefined) {
      return { User: userShape((await userEntities.named(deps, request.scope, name)).value) }
    }
    const root = rootHolder(request.scope)
    return {
      User: {
        UserName: rootUserName,
        UserId: root.userId,
        Arn: root.arn,
        Path: '/',
        CreateDate: new Date(0),
      },
    }
  },
}
