import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { deleteRole as removeRole } from '../roles.ts'

export const deleteRole: Operation<IamOperations, 'DeleteRole', IamDeps> = {
  accepts: { RoleName: true },
  async handle(input, request, deps) {
    await removeRole(deps, request.scope, input.RoleName ?? '')
    return {}
  },
}
