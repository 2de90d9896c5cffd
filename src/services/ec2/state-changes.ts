import type { InstanceStateChange } from '@aws-sdk/client-ec2'
import { instanceNotFound } from '../../compute/instance-refusals.ts'
import type { InstanceState } from '../../compute/instance.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Ec2Deps } from './deps.ts'
import { stateOf } from './instance-view.ts'

/** Changes every instance of a request, after all of them were found, and tells each one's state before and after. */
export async function changeStates(
  { compute }: Ec2Deps,
  scope: Scope,
  { ids, change }: { ids: readonly string[]; change: (id: string) => Promise<void> },
): Promise<InstanceStateChange[]> {
  const before = new Map<string, InstanceState>()
  for (const id of ids) {
    const record = await compute.instances.find(scope, id)
    if (!record) throw instanceNotFound(id)
    before.set(id, record.value.state)
  }
  const changes: InstanceStateChange[] = []
  for (const [id, previous] of before) {
    await change(id)
    const now = await compute.instances.find(scope, id)
    changes.push({
      InstanceId: id,
      PreviousState: stateOf(previous),
      CurrentState: stateOf(now?.value.state ?? 'terminated'),
    })
  }
  return changes
}
