import type { Operation } from '../../../wire/service.ts'
import { userPolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const deleteUserPolicy: Operation<IamOperations, 'DeleteUserPolicy', IamDeps> = {
  accepts: { UserName: true, PolicyName: true },
  handle: (input, { scope }, deps) =>
    userPolicies.remove(deps, { scope, name: input.UserName }, input.PolicyName),
}
