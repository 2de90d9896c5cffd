import type { Operation } from '../../../wire/service.ts'
import { userPolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const detachUserPolicy: Operation<IamOperations, 'DetachUserPolicy', IamDeps> = {
  accepts: { UserName: true, PolicyArn: true },
  handle: (input, { scope }, deps) =>
    userPolicies.detach(deps, { scope, name: input.UserName }, input.PolicyArn),
}
