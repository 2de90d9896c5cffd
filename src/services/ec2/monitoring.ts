import type { InstanceMonitoring } from '@aws-sdk/client-ec2'
import type { Scope } from '../../kernel/scope.ts'
import type { Ec2Deps } from './deps.ts'
import { valuesById } from './instance-lookup.ts'

/** Kept and shown; metrics of a minute are written either way. */
export async function setMonitoring(
  deps: Ec2Deps,
  scope: Scope,
  { ids, isOn }: { ids: readonly string[]; isOn: boolean },
): Promise<InstanceMonitoring[]> {
  const found = await valuesById(deps, scope, ids)
  for (const { instanceId } of found) {
    await deps.compute.instances.change(scope, instanceId, (instance) => ({
      ...instance,
      isMonitored: isOn,
    }))
  }
  return found.map(({ instanceId }) => ({
    InstanceId: instanceId,
    Monitoring: { State: isOn ? 'pending' : 'disabling' },
  }))
}
