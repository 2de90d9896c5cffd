import type { Operation } from '../../../wire/service.ts'
import { groupPolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const deleteGroupPolicy: Operation<IamOperations, 'DeleteGroupPolicy', IamDeps> = {
  accepts: { GroupName: true, PolicyName: true },
  handle: (input, { scope }, deps) =>
    groupPolicies.remove(deps, { scope, name: input.GroupName }, input.PolicyName),
}
