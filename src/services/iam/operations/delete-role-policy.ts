import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { changeRole } from '../roles.ts'
import { withoutInline } from '../policies.ts'

export const deleteRolePolicy: Operation<IamOperations, 'DeleteRolePolicy', IamDeps> = {
  accepts: { RoleName: true, PolicyName: true },
  async handle(input, request, deps) {
    await changeRole(deps, request.scope, input.RoleName, (role) =>
      withoutInline(role, input.PolicyName),
    )
    return {}
  },
}
