import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { changeRole } from '../roles.ts'
import { checkName, checkPolicy } from '../names.ts'
import { withInline } from '../policies.ts'

export const putRolePolicy: Operation<IamOperations, 'PutRolePolicy', IamDeps> = {
  accepts: { RoleName: true, PolicyName: true, PolicyDocument: true },
  async handle(input, request, deps) {
    const name = checkName('policyName', input.PolicyName, 128)
    const document = checkPolicy(input.PolicyDocument, 'identity')
    await changeRole(deps, request.scope, input.RoleName, (role) =>
      withInline(role, { name, document }),
    )
    return {}
  },
}
