import type { Operation } from '../../../wire/service.ts'
import { userPolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const listUserPolicies: Operation<IamOperations, 'ListUserPolicies', IamDeps> = {
  accepts: { UserName: true, Marker: true, MaxItems: true },
  handle: (input, { scope }, deps) =>
    userPolicies.list(deps, { scope, name: input.UserName }, input),
}
