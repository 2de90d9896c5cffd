import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { changeUser } from '../users.ts'
import { withoutInline } from '../policies.ts'

export const deleteUserPolicy: Operation<IamOperations, 'DeleteUserPolicy', IamDeps> = {
  accepts: { UserName: true, PolicyName: true },
  async handle(input, request, deps) {
    await changeUser(deps, request.scope, input.UserName, (user) =>
      withoutInline(user, input.PolicyName),
    )
    return {}
  },
}
