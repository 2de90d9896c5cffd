import type { Scope } from '../kernel/scope.ts'
import type { FlowSpec } from '../protocol/network.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { networkFlows } from './records.ts'

/** The kernel has 16 bits for a zone, and 0 is everybody's. */
const zoneMax = 65_535

/** Writes what the network passes on by itself; nothing when that is written already. */
export async function setFlows(
  { store }: EngineContext,
  scope: Scope,
  { vpcId, flows }: { readonly vpcId: string; readonly flows: readonly FlowSpec[] },
): Promise<void> {
  const known = await store.find(networkFlows, scope, vpcId)
  if (known === undefined) {
    if (flows.length === 0) return
    await store.insert(networkFlows, { scope, id: vpcId, owner: vpcId }, { flows, zone: 1 })
    return
  }
  const { flows: before, zone } = known.value
  if (JSON.stringify(before) === JSON.stringify(flows)) return
  await store.update(known, { flows, zone: zoneAfter(before, flows, zone) })
}

/**
 * The kernel keeps a flow of datagrams with its target for as long as the sender goes on, whatever becomes of the target. So a
 * target that goes takes the zone with it: all flows are looked at anew, and those of other targets come to the same ones again.
 */
export function zoneAfter(
  before: readonly FlowSpec[],
  after: readonly FlowSpec[],
  zone: number,
): number {
  const placesOf = (flows: readonly FlowSpec[]): ReadonlySet<string> =>
    new Set(
      flows
        .filter(({ protocol }) => protocol === 'udp')
        .flatMap((flow) => flow.targets.map((target) => JSON.stringify([placeOf(flow), target]))),
    )
  const now = placesOf(after)
  const hasLost = [...placesOf(before)].some((place) => !now.has(place))
  return hasLost ? (zone % zoneMax) + 1 : zone
}

function placeOf({ address, port }: FlowSpec): string {
  return `${address}:${port}`
}
