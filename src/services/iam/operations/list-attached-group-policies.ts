import type { Operation } from '../../../wire/service.ts'
import { groupPolicies } from '../holder-policies.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const listAttachedGroupPolicies: Operation<
  IamOperations,
  'ListAttachedGroupPolicies',
  IamDeps
> = {
  accepts: { GroupName: true, Marker: true, MaxItems: true },
  handle: (input, { scope }, deps) =>
    groupPolicies.listAttached(deps, { scope, name: input.GroupName }, input),
}
