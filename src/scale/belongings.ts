import type { Scope } from '../kernel/scope.ts'
import type { Records } from '../store/records.ts'
import { instanceRefreshes } from './instance-refresh.ts'
import { scalingPolicies, type ScalingPolicy } from './policy.ts'
import { scheduledActions } from './scheduled-action.ts'

/** Removes what a group takes with it: policies, scheduled actions, refreshes. Gives the policies, whose alarms go after them. */
export async function removeBelongings(
  records: Records,
  scope: Scope,
  groupName: string,
): Promise<readonly ScalingPolicy[]> {
  const owner = { owner: groupName }
  const policies = await records.list(scalingPolicies, scope, owner)
  for (const record of policies) await records.remove(record)
  for (const record of await records.list(scheduledActions, scope, owner)) {
    await records.remove(record)
  }
  for (const record of await records.list(instanceRefreshes, scope, owner)) {
    await records.remove(record)
  }
  return policies.map((record) => record.value)
}
