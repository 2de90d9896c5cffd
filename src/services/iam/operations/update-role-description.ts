import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { roleEntities, roleShape } from '../roles.ts'

/** The older form of UpdateRole. */
export const updateRoleDescription: Operation<IamOperations, 'UpdateRoleDescription', IamDeps> = {
  accepts: { RoleName: true, Description: true },
  async handle(input, request, deps) {
    const description = input.Description ?? ''
    const changed = await roleEntities.change(deps, request.scope, input.RoleName, (role) => ({
      ...role,
      description,
    }))
    return { Role: roleShape(changed) }
  },
}
