import type { Operation } from '../../../wire/service.ts'
import { groupPolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const detachGroupPolicy: Operation<IamOperations, 'DetachGroupPolicy', IamDeps> = {
  accepts: { GroupName: true, PolicyArn: true },
  handle: (input, { scope }, deps) =>
    groupPolicies.detach(deps, { scope, name: input.GroupName }, input.PolicyArn),
}
