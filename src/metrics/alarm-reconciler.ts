import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Outcome, type Reconciler } from '../reconcile/reconciler.ts'
import { StaleRevision, type Store, type StoredRecord } from '../store/records.ts'
import {
  announce,
  changeState,
  queueActions,
  transitionOf,
  type StateChange,
} from './alarm-changes.ts'
import type { AlarmIndex } from './alarm-index.ts'
import { alarms, type Alarm, type AlarmState, type CompositeAlarm } from './alarm.ts'
import { parseAlarmRule, ruleHolds } from './domain/alarm-rule.ts'
import { periodStart } from './domain/periods.ts'
import { evaluateAlarm } from './evaluate-alarm.ts'
import type { PointStore } from './point-store.ts'
import { periodOf } from './query-metrics.ts'

export const alarmReconcilerName = 'metrics/alarms'

/** What is being written as a period ends is read with it. */
const settleMilliseconds = 100
/** A scaling policy is asked again this often while the alarm lasts, as on AWS. */
const repeatMilliseconds = 60_000
const isRepeated = (actionArn: string): boolean => /^arn:[^:]+:autoscaling:/.test(actionArn)

/** Evaluates alarms: woken by points, by the end of a period, and by the alarms that a composite one names. */
export function alarmReconciler(
  context: EngineContext,
  points: PointStore,
  index: AlarmIndex,
): Reconciler {
  const { store, clock } = context

  return {
    name: alarmReconcilerName,
    periodMilliseconds: 60_000,
    concurrencyMax: 8,
    wakes: [
      {
        kind: alarms,
        keysOf: ({ scope, id }) => [keyOf(scope, id), ...index.parentsOf(scope, id)],
      },
    ],
    async keys() {
      await index.refresh()
      return (await store.listAll(alarms)).map(({ scope, id }) => keyOf(scope, id))
    },
    async reconcile(key) {
      const { scope, id } = openKey(key)
      const record = await store.find(alarms, scope, id)
      if (!record) return undefined
      const { value: alarm } = record
      const now = clock.now()
      if (alarm.heldUntil !== undefined && now < alarm.heldUntil) {
        return { againAfterMilliseconds: alarm.heldUntil - now }
      }
      const change =
        alarm.type === 'CompositeAlarm'
          ? await evaluateComposite(store, scope, alarm)
          : await evaluateAlarm(points, scope, alarm, now)
      await carryOut(context, record, change, now)
      return nextLook(alarm, now)
    },
  }
}

function isRepeatDue(alarm: Alarm, now: number): boolean {
  return (
    alarm.state === 'ALARM' &&
    alarm.actionsEnabled &&
    alarm.alarmActions.some(isRepeated) &&
    now - (alarm.repeatedAt ?? alarm.stateUpdatedAt) >= repeatMilliseconds
  )
}

/** Just after the end of the open period: nothing changes before, unless something wakes it. */
function nextLook(alarm: Alarm, now: number): Outcome | undefined {
  if (alarm.type === 'CompositeAlarm') return undefined
  const periodSeconds =
    alarm.measure.kind === 'metric' ? alarm.measure.periodSeconds : periodOf(alarm.measure.queries)
  const end = periodStart(now, periodSeconds) + periodSeconds * 1000
  return { againAfterMilliseconds: end - now + settleMilliseconds }
}

async function carryOut(
  context: EngineContext,
  record: StoredRecord<Alarm>,
  change: StateChange | undefined,
  now: number,
): Promise<void> {
  const { scope, value: alarm } = record
  try {
    if (change && change.to !== alarm.state) {
      await context.store.transaction((records) => changeState(context, records, record, change))
      announce(context, scope, alarm, { ...change, at: now })
    } else if (isRepeatDue(alarm, now)) {
      await repeatActions(context, record, change?.value, now)
    }
  } catch (thrown) {
    // Changed meanwhile: the change has woken this alarm again.
    if (!(thrown instanceof StaleRevision)) throw thrown
  }
}

async function repeatActions(
  context: EngineContext,
  record: StoredRecord<Alarm>,
  value: number | undefined,
  now: number,
): Promise<void> {
  const { scope, value: alarm } = record
  const { state: to, stateReason: reason } = alarm
  const transition = transitionOf(alarm, { to, reason, value }, now)
  await context.store.transaction(async (records) => {
    await records.update(record, { ...alarm, repeatedAt: now })
    const actionArns = alarm.alarmActions.filter(isRepeated)
    await queueActions(context, records, { scope, alarm, transition }, actionArns)
  })
}

async function evaluateComposite(
  store: Store,
  scope: Scope,
  alarm: CompositeAlarm,
): Promise<StateChange | undefined> {
  const rule = parseAlarmRule(alarm.rule)
  if (!rule.ok) return undefined
  const states = new Map<string, AlarmState>()
  for (const { value } of await store.list(alarms, scope)) states.set(value.name, value.state)
  const to = ruleHolds(rule.tree, (name) => states.get(name)) ? 'ALARM' : 'OK'
  return { to, reason: `${alarm.arn} transitioned to ${to}: ${alarm.rule}` }
}
