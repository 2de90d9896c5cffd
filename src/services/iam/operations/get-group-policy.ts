import type { Operation } from '../../../wire/service.ts'
import { groupPolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const getGroupPolicy: Operation<IamOperations, 'GetGroupPolicy', IamDeps> = {
  accepts: { GroupName: true, PolicyName: true },
  async handle(input, { scope }, deps) {
    const policy = await groupPolicies.get(deps, { scope, name: input.GroupName }, input.PolicyName)
    return { GroupName: input.GroupName, ...policy }
  },
}
