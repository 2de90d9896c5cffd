import type { Operation } from '../../../wire/service.ts'
import { userPolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const attachUserPolicy: Operation<IamOperations, 'AttachUserPolicy', IamDeps> = {
  accepts: { UserName: true, PolicyArn: true },
  handle: (input, { scope }, deps) =>
    userPolicies.attach(deps, { scope, name: input.UserName }, input.PolicyArn),
}
