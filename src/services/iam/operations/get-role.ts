import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { roleEntities, roleShape } from '../roles.ts'

export const getRole: Operation<IamOperations, 'GetRole', IamDeps> = {
  accepts: { RoleName: true },
  async handle(input, request, deps) {
    return {
      Role: roleShape((await roleEntities.named(deps, request.scope, input.RoleName)).value),
    }
  },
}
