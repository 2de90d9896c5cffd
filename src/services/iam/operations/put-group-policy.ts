import type { Operation } from '../../../wire/service.ts'
import { groupPolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const putGroupPolicy: Operation<IamOperations, 'PutGroupPolicy', IamDeps> = {
  accepts: { GroupName: true, PolicyName: true, PolicyDocument: true },
  handle: (input, { scope }, deps) =>
    groupPolicies.put(deps, { scope, name: input.GroupName }, input),
}
