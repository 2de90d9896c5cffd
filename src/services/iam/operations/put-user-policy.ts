import type { Operation } from '../../../wire/service.ts'
import { userPolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const putUserPolicy: Operation<IamOperations, 'PutUserPolicy', IamDeps> = {
  accepts: { UserName: true, PolicyName: true, PolicyDocument: true },
  handle: (input, { scope }, deps) =>
    userPolicies.put(deps, { scope, name: input.UserName }, input),
}
