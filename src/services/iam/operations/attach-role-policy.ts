import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { changeRole } from '../roles.ts'
import { withAttached, checkAttachable } from '../policies.ts'

export const attachRolePolicy: Operation<IamOperations, 'AttachRolePolicy', IamDeps> = {
  accepts: { RoleName: true, PolicyArn: true },
  async handle(input, request, deps) {
    const arn = await checkAttachable(deps, request.scope, input.PolicyArn)
    await changeRole(deps, request.scope, input.RoleName, (role) => withAttached(role, arn))
    return {}
  },
}
