import type { Operation } from '../../../wire/service.ts'
import { userPolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const listAttachedUserPolicies: Operation<
  IamOperations,
  'ListAttachedUserPolicies',
  IamDeps
> = {
  accepts: { UserName: true, Marker: true, MaxItems: true },
  handle: (input, { scope }, deps) =>
    userPolicies.listAttached(deps, { scope, name: input.UserName }, input),
}
