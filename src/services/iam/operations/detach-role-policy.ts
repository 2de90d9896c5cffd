import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { changeRole } from '../roles.ts'
import { withoutAttached } from '../policies.ts'

export const detachRolePolicy: Operation<IamOperations, 'DetachRolePolicy', IamDeps> = {
  accepts: { RoleName: true, PolicyArn: true },
  async handle(input, request, deps) {
    const arn = input.PolicyArn ?? ''
    await changeRole(deps, request.scope, input.RoleName, (role) => withoutAttached(role, arn))
    return {}
  },
}
