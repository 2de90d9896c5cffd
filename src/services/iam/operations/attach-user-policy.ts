import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { changeUser } from '../users.ts'
import { withAttached, checkAttachable } from '../policies.ts'

export const attachUserPolicy: Operation<IamOperations, 'AttachUserPolicy', IamDeps> = {
  accepts: { UserName: true, PolicyArn: true },
  async handle(input, request, deps) {
    const arn = await checkAttachable(deps, request.scope, input.PolicyArn)
    await changeUser(deps, request.scope, input.UserName, (user) => withAttached(user, arn))
    return {}
  },
}
