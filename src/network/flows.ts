import type { Scope } from '../kernel/scope.ts'
import type { FlowSpec } from '../protocol/network.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { networkFlows } from './records.ts'

/** Writes what the network passes on by itself; nothing when that is written already. */
export async function setFlows(
  { store }: EngineContext,
  scope: Scope,
  { vpcId, flows }: { readonly vpcId: string; readonly flows: readonly FlowSpec[] },
): Promise<void> {
  const known = await store.find(networkFlows, scope, vpcId)
  if (known === undefined) {
    if (flows.length > 0)
      await store.insert(networkFlows, { scope, id: vpcId, owner: vpcId }, { flows })
  } else if (flows.length === 0) await store.remove(known)
  else if (JSON.stringify(known.value.flows) !== JSON.stringify(flows)) {
    await store.update(known, { flows })
  }
}
