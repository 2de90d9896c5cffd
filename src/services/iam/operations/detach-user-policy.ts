import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { changeUser } from '../users.ts'
import { withoutAttached } from '../policies.ts'

export const detachUserPolicy: Operation<IamOperations, 'DetachUserPolicy', IamDeps> = {
  accepts: { UserName: true, PolicyArn: true },
  async handle(input, request, deps) {
    const arn = input.PolicyArn ?? ''
    await changeUser(deps, request.scope, input.UserName, (user) => withoutAttached(user, arn))
    return {}
  },
}
