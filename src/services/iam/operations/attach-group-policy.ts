import type { Operation } from '../../../wire/service.ts'
import { groupPolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const attachGroupPolicy: Operation<IamOperations, 'AttachGroupPolicy', IamDeps> = {
  accepts: { GroupName: true, PolicyArn: true },
  handle: (input, { scope }, deps) =>
    groupPolicies.attach(deps, { scope, name: input.GroupName }, input.PolicyArn),
}
