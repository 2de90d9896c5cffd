import type { Operation } from '../../../wire/service.ts'
import { rolePolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const detachRolePolicy: Operation<IamOperations, 'DetachRolePolicy', IamDeps> = {
  accepts: { RoleName: true, PolicyArn: true },
  handle: (input, { scope }, deps) =>
    rolePolicies.detach(deps, { scope, name: input.RoleName }, input.PolicyArn),
}
