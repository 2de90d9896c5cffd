import type { Operation } from '../../../wire/service.ts'
import { rolePolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const getRolePolicy: Operation<IamOperations, 'GetRolePolicy', IamDeps> = {
  accepts: { RoleName: true, PolicyName: true },
  async handle(input, { scope }, deps) {
    const policy = await rolePolicies.get(deps, { scope, name: input.RoleName }, input.PolicyName)
    return { RoleName: input.RoleName, ...policy }
  },
}
