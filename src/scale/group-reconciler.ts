import { instances } from '../compute/instance.ts'
import type { Scope } from '../kernel/scope.ts'
import { keyOf, openKey, type Outcome, type Reconciler } from '../reconcile/reconciler.ts'
import { StaleRevision, type StoredRecord } from '../store/records.ts'
import { carryOut } from './carry-out.ts'
import { describeStep, type Step } from './domain/steps.ts'
import { nextDeadline } from './domain/hooks.ts'
import { groups, members, type Group } from './group.ts'
import { activeRefresh, advanceRefresh, instanceRefreshes } from './instance-refresh.ts'
import { observeGroup, type GroupSight } from './observe-group.ts'
import { planGroup } from './plan-group.ts'
import type { ScaleDeps } from './scale.ts'

export const groupReconcilerName = 'scale/groups'

/** Targets change health, drain and get their deployments without a word to us: looked at this often while it matters. */
const drainPollMilliseconds = 200
const healthPollMilliseconds = 1000
/** Beyond this many instances the map is learnt anew: some megabytes. */
const groupOfInstanceMax = 20_000

/**
 * Keeps groups at their capacity. A reconciler, not a saga: nothing is undone, what was begun is carried on from the records.
 * Woken by every change of an instance, so that a death is answered within milliseconds.
 */
export function groupReconciler(deps: ScaleDeps): Reconciler {
  const { store, log } = deps.context
  /** Which group an instance belongs to, for wake-ups; filled by every pass, so a loss only costs time. */
  const groupOfInstance = new Map<string, string>()

  async function pass(record: StoredRecord<Group>, key: string): Promise<Outcome | undefined> {
    const { scope, value: group } = record
    const staff = await store.list(members, scope, { owner: group.name })
    if (groupOfInstance.size > groupOfInstanceMax) groupOfInstance.clear()
    for (const { value } of staff) {
      if (value.instanceId) groupOfInstance.set(instanceKey(scope, value.instanceId), key)
    }
    const refresh = await activeRefresh(deps, scope, group)
    const sight = await observeGroup(deps, record, staff, refresh?.value.state)
    if (refresh && (await advanceRefresh(deps, record, refresh, sight))) {
      return { againAfterMilliseconds: 0 }
    }
    const steps = planGroup(sight.group, sight.members, deps.context.clock.now())
    if (steps.length === 0) return restOf(deps, sight, refresh !== undefined)
    log.write('debug', 'auto scaling group', { key, steps: steps.map(describeStep) })
    const { isWaiting } = await carryOut(deps, record, sight, steps)
    const mayWait: readonly Step['type'][] = ['bring-in', 'terminate']
    const onlyWaits = isWaiting && steps.every((step) => mayWait.includes(step.type))
    return { againAfterMilliseconds: onlyWaits ? drainPollMilliseconds : 0 }
  }

  return {
    name: groupReconcilerName,
    periodMilliseconds: 10_000,
    concurrencyMax: 8,
    wakes: [
      {
        kind: instanceRefreshes,
        keysOf: (change) => (change.owner ? [keyOf(change.scope, change.owner)] : []),
      },
      { kind: groups, keysOf: (change) => [keyOf(change.scope, change.id)] },
      {
        kind: members,
        keysOf: (change) => (change.owner ? [keyOf(change.scope, change.owner)] : []),
      },
      {
        kind: instances,
        keysOf(change) {
          const key = groupOfInstance.get(instanceKey(change.scope, change.id))
          return key ? [key] : []
        },
      },
    ],
    async keys() {
      return (await store.listAll(groups)).map((record) => keyOf(record.scope, record.id))
    },
    async reconcile(key) {
      const { scope, id } = openKey(key)
      const record = await store.find(groups, scope, id)
      if (!record) return undefined
      try {
        return await pass(record, key)
      } catch (thrown) {
        if (thrown instanceof StaleRevision) return { againAfterMilliseconds: 0 }
        throw thrown
      }
    },
  }
}

const leavingStates = ['Terminating', 'EnteringStandby', 'Detaching', 'Warmed:Pending']

/** When to look again although nothing is to be done now. */
function restOf(
  deps: ScaleDeps,
  { group, members: staff }: GroupSight,
  isRefreshing: boolean,
): Outcome | undefined {
  const waits: number[] = []
  const drains = staff.some(
    (member) => leavingStates.includes(member.lifecycle) && member.drainingFrom.length > 0,
  )
  if (drains) waits.push(drainPollMilliseconds)
  if (group.usesTargetHealth || isRefreshing) waits.push(healthPollMilliseconds)
  const now = deps.context.clock.now()
  const moments = [group.launchNotBefore, ...staff.map((member) => nextDeadline(member.hooks) ?? 0)]
  waits.push(...moments.map((at) => at - now).filter((pause) => pause > 0))
  return waits.length > 0 ? { againAfterMilliseconds: Math.min(...waits) } : undefined
}

function instanceKey(scope: Scope, instanceId: string): string {
  return keyOf(scope, instanceId)
}
