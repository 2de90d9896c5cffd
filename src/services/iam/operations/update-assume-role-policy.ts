import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { roleEntities } from '../roles.ts'
import { checkPolicy } from '../names.ts'

export const updateAssumeRolePolicy: Operation<IamOperations, 'UpdateAssumeRolePolicy', IamDeps> = {
  accepts: { RoleName: true, PolicyDocument: true },
  async handle(input, request, deps) {
    const trustPolicy = checkPolicy(input.PolicyDocument, 'trust')
    await roleEntities.change(deps, request.scope, input.RoleName, (role) => ({
      ...role,
      trustPolicy,
    }))
    return {}
  },
}
