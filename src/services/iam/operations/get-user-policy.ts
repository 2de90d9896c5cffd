import type { Operation } from '../../../wire/service.ts'
import { userPolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const getUserPolicy: Operation<IamOperations, 'GetUserPolicy', IamDeps> = {
  accepts: { UserName: true, PolicyName: true },
  async handle(input, { scope }, deps) {
    const policy = await userPolicies.get(deps, { scope, name: input.UserName }, input.PolicyName)
    return { UserName: input.UserName, ...policy }
  },
}
