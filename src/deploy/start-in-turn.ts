import type { Scope } from '../kernel/scope.ts'
import { kindOf, RecordExists, StaleRevision, type Records } from '../store/records.ts'
import { deploymentTargets, targetKey } from './deployment-target.ts'
import type { DeployWorld } from './deploy-world.ts'

/** The deployment that works on a host now, or did last. By host. */
const hostTurns = kindOf<{ readonly deploymentId: string }>('deploy/host-turn')

/**
 * Begins a host's part, unless another deployment works on the host now, whatever its group: two applications on one machine do not
 * stop and start each other's services. A turn ends with its target; nothing has to be given back, so nothing is lost with a server
 * that dies. False: not now.
 */
export async function startInTurn(
  world: DeployWorld,
  scope: Scope,
  at: { readonly deploymentId: string; readonly targetId: string },
): Promise<boolean> {
  const { store, clock } = world.context
  try {
    return await store.transaction(async (records) => {
      const key = targetKey(at.deploymentId, at.targetId)
      const target = await records.find(deploymentTargets, scope, key)
      if (!target || !(await takeTurn(records, scope, at))) return false
      const lastUpdatedAt = clock.now()
      await records.update(target, { ...target.value, status: 'InProgress', lastUpdatedAt })
      return true
    })
  } catch (thrown) {
    // Another deployment was quicker.
    if (thrown instanceof RecordExists || thrown instanceof StaleRevision) return false
    throw thrown
  }
}

async function takeTurn(
  records: Records,
  scope: Scope,
  { deploymentId, targetId }: { readonly deploymentId: string; readonly targetId: string },
): Promise<boolean> {
  const turn = await records.find(hostTurns, scope, targetId)
  if (!turn) {
    await records.insert(hostTurns, { scope, id: targetId }, { deploymentId })
    return true
  }
  const holder = turn.value.deploymentId
  if (holder === deploymentId) return true
  const held = await records.find(deploymentTargets, scope, targetKey(holder, targetId))
  if (held?.value.status === 'InProgress') return false
  await records.update(turn, { deploymentId })
  return true
}
