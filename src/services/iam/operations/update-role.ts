import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { roleEntities } from '../roles.ts'
import { checkMaxSession } from '../names.ts'

export const updateRole: Operation<IamOperations, 'UpdateRole', IamDeps> = {
  accepts: { RoleName: true, Description: true, MaxSessionDuration: true },
  async handle(input, request, deps) {
    const { Description: description, MaxSessionDuration: seconds } = input
    const maxSession = seconds === undefined ? {} : { maxSessionSeconds: checkMaxSession(seconds) }
    await roleEntities.change(deps, request.scope, input.RoleName, (role) => ({
      ...role,
      ...(description === undefined ? {} : { description }),
      ...maxSession,
    }))
    return {}
  },
}
