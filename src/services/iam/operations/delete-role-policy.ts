import type { Operation } from '../../../wire/service.ts'
import { rolePolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const deleteRolePolicy: Operation<IamOperations, 'DeleteRolePolicy', IamDeps> = {
  accepts: { RoleName: true, PolicyName: true },
  handle: (input, { scope }, deps) =>
    rolePolicies.remove(deps, { scope, name: input.RoleName }, input.PolicyName),
}
