import type { Scope } from '../kernel/scope.ts'
import { partitionOf } from '../kernel/scope.ts'
import { Refusal } from '../network/refusal.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { modify, type StoredRecord } from '../store/records.ts'
import { planInterruption, type Interruption } from './domain/spot.ts'
import { instanceNotFound } from './instance-refusals.ts'
import { initiated, instances, type Instance } from './instance.ts'

const reconcilerName = 'compute/spot-interruptions'
const periodMilliseconds = 10_000

export interface InterruptionTimes {
  /** Between the recommendation to rebalance and the warning. */
  readonly leadMilliseconds: number
  /** Between the warning and the end: two minutes on EC2. */
  readonly noticeMilliseconds: number
}

/** The capacity of instances on spot is taken back: whoever runs the machines says so. */
export interface SpotInterruptions {
  /** Of one that is under way already it changes nothing. A `Refusal` where the instance is not on spot, or does not run. */
  interrupt(scope: Scope, instanceId: string, times: InterruptionTimes): Promise<Interruption>
  readonly reconciler: Reconciler
}

/**
 * Tells of an interruption and then ends the instance. A reconciler and no saga: how far it came is on the instance's record, and what
 * was told before a crash in between is told again.
 */
export function createSpotInterruptions(context: EngineContext): SpotInterruptions {
  const { store, clock, wake } = context
  return {
    async interrupt(scope, instanceId, times) {
      const now = clock.now()
      const record = await modify(store, { kind: instances, scope, id: instanceId }, (instance) => {
        requireInterruptible(instance)
        if (instance.interruption) return undefined
        const warnedAt = now + times.leadMilliseconds
        const endsAt = warnedAt + times.noticeMilliseconds
        return { ...instance, interruption: { recommendedAt: now, warnedAt, endsAt } }
      })
      const found = record ?? (await store.find(instances, scope, instanceId))
      if (!found?.value.interruption) throw instanceNotFound(instanceId)
      wake.wake(reconcilerName, keyOf(scope, instanceId))
      return found.value.interruption
    },
    reconciler: {
      name: reconcilerName,
      periodMilliseconds,
      concurrencyMax: 4,
      wakes: [],
      async keys() {
        const all = await store.listAll(instances)
        const interrupted = all.filter(
          ({ value }) => value.interruption && value.desired === 'running',
        )
        return interrupted.map((record) => keyOf(record.scope, record.id))
      },
      async reconcile(key) {
        const { scope, id } = openKey(key)
        const record = await store.find(instances, scope, id)
        if (!record) return undefined
        const now = clock.now()
        const step = planInterruption(record.value, now)
        if (step.step === 'nothing') return undefined
        if (step.step === 'wait') return { againAfterMilliseconds: step.until - now }
        if (step.step === 'tell') await tell(context, record, step.what)
        else await end(context, record)
        return { againAfterMilliseconds: 0 }
      },
    },
  }
}

function requireInterruptible({ instanceId, spot, desired }: Instance): void {
  if (!spot) {
    throw new Refusal(
      'UnsupportedOperation',
      `The instance '${instanceId}' is on demand: only Spot Instances are interrupted.`,
    )
  }
  if (desired === 'running') return
  throw new Refusal(
    'IncorrectInstanceState',
    `The instance '${instanceId}' is not in a state from which it can be interrupted.`,
  )
}

const detailTypes = {
  recommendation: 'EC2 Instance Rebalance Recommendation',
  warning: 'EC2 Spot Instance Interruption Warning',
} as const

async function tell(
  context: EngineContext,
  { scope, id, value }: StoredRecord<Instance>,
  what: 'recommendation' | 'warning',
): Promise<void> {
  context.events.publish({
    source: 'aws.ec2',
    detailType: detailTypes[what],
    scope,
    // EC2 names the zone here where other ARNs have the region, and no account.
    resources: [`arn:${partitionOf(scope.region)}:ec2:${value.zone}:instance/${id}`],
    detail: {
      'instance-id': id,
      ...(what === 'warning' && { 'instance-action': 'terminate' }),
    },
  })
  await modify(context.store, { kind: instances, scope, id }, (instance) =>
    instance.interruption
      ? { ...instance, interruption: { ...instance.interruption, told: what } }
      : undefined,
  )
}

/** Protection from termination holds off users, not the end of the capacity. */
async function end(context: EngineContext, { scope, id }: StoredRecord<Instance>): Promise<void> {
  const code = 'Server.SpotInstanceTermination'
  const ended = {
    desired: 'terminated',
    state: 'shutting-down',
    stateReason: { code, message: `${code}: Spot instance termination` },
    stateTransitionReason: initiated('Service', context.clock.now()),
  } as const
  await modify(context.store, { kind: instances, scope, id }, (instance) =>
    instance.desired === 'running' ? { ...instance, ...ended } : undefined,
  )
  context.log.write('info', 'spot instance interrupted', { instance: id })
}
