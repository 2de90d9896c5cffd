import type { Scope } from '../kernel/scope.ts'
import { kindOf, RecordExists, StaleRevision, type Records } from '../store/records.ts'
import { deploymentTargets, targetKey, type DeploymentTarget } from './deployment-target.ts'
import type { DeployWorld } from './deploy-world.ts'

/** The deployment that works on a host now. By host. */
const hostTurns = kindOf<{ readonly deploymentId: string }>('deploy/host-turn')

/** Hosts of one transaction: few enough that one lost race does not cost many the round. */
const hostsAtOnce = 100

/**
 * Begins the parts of these hosts, but of those that another deployment works on now, whatever its group: two applications on one machine do
 * not stop and start each other's services. A turn ends with its target, so nothing is lost with a server that dies. Returns how many began.
 */
export async function startInTurn(
  world: DeployWorld,
  scope: Scope,
  at: { readonly deploymentId: string; readonly targetIds: readonly string[] },
): Promise<number> {
  let begun = 0
  for (let first = 0; first < at.targetIds.length; first += hostsAtOnce) {
    const targetIds = at.targetIds.slice(first, first + hostsAtOnce)
    begun += await startSome(world, scope, { ...at, targetIds })
  }
  return begun
}

async function startSome(
  world: DeployWorld,
  scope: Scope,
  at: { readonly deploymentId: string; readonly targetIds: readonly string[] },
): Promise<number> {
  const { store, clock } = world.context
  try {
    return await store.transaction(async (records) => {
      const started = await Promise.all(
        at.targetIds.map(async (targetId) => {
          const one = { deploymentId: at.deploymentId, targetId }
          const key = targetKey(at.deploymentId, targetId)
          const target = await records.find(deploymentTargets, scope, key)
          if (!target || !(await takeTurn(records, scope, one))) return false
          const lastUpdatedAt = clock.now()
          await records.update(target, { ...target.value, status: 'InProgress', lastUpdatedAt })
          return true
        }),
      )
      return started.filter(Boolean).length
    })
  } catch (thrown) {
    // Another deployment was quicker.
    if (thrown instanceof RecordExists || thrown instanceof StaleRevision) return 0
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

/** The turns of a deployment that has ended. Those that another has taken since are its own. */
export async function endTurns(
  records: Records,
  scope: Scope,
  targets: readonly Pick<DeploymentTarget, 'deploymentId' | 'targetId'>[],
): Promise<void> {
  await Promise.all(
    targets.map(async ({ deploymentId, targetId }) => {
      const turn = await records.find(hostTurns, scope, targetId)
      if (turn?.value.deploymentId !== deploymentId) return
      try {
        await records.remove(turn)
      } catch (thrown) {
        if (!(thrown instanceof StaleRevision)) throw thrown
      }
    }),
  )
}
