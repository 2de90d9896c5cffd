import type { Operation } from '../../../wire/service.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'
import { encodeDocument } from '../names.ts'
import { inlineNamed } from '../policies.ts'
import { roleNamed } from '../roles.ts'

export const getRolePolicy: Operation<IamOperations, 'GetRolePolicy', IamDeps> = {
  accepts: { RoleName: true, PolicyName: true },
  async handle(input, request, deps) {
    const { value: role } = await roleNamed(deps, request.scope, input.RoleName)
    const policy = inlineNamed(role, input.PolicyName)
    return {
      RoleName: role.roleName,
      PolicyName: policy.name,
      PolicyDocument: encodeDocument(policy.document),
    }
  },
}
