import { isoTime } from '../kernel/clock.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Records, StoredRecord } from '../store/records.ts'
import {
  history,
  pendingActions,
  type Alarm,
  type AlarmState,
  type AlarmTransition,
  type HistoryItem,
} from './alarm.ts'
import { dimensionsOf } from './alarm-index.ts'

/** A change of an alarm's state: why, and what it was decided by. */
export interface StateChange {
  readonly to: AlarmState
  readonly reason: string
  readonly reasonData?: string | undefined
  readonly value?: number | undefined
  /** Evaluation leaves the state alone until then. */
  readonly heldUntil?: number | undefined
}

type Part = Pick<EngineContext, 'clock' | 'random' | 'events'>

/** Writes the state, its history and the actions that it causes, in one transaction of the caller's. */
export async function changeState(
  context: Part,
  records: Records,
  record: StoredRecord<Alarm>,
  change: StateChange,
): Promise<void> {
  const { scope, value: alarm } = record
  const now = context.clock.now()
  const isTransition = alarm.state !== change.to
  const { heldUntil: _held, repeatedAt: _repeated, ...rest } = alarm
  await records.update(record, {
    ...rest,
    state: change.to,
    stateReason: change.reason,
    stateReasonData: change.reasonData,
    stateUpdatedAt: now,
    stateTransitionedAt: isTransition ? now : alarm.stateTransitionedAt,
    ...(change.heldUntil === undefined ? {} : { heldUntil: change.heldUntil }),
    repeatedAt: now,
  })
  if (!isTransition) return
  await addHistory(context, records, scope, {
    alarmName: alarm.name,
    alarmType: alarm.type,
    at: now,
    itemType: 'StateUpdate',
    summary: `Alarm updated from ${alarm.state} to ${change.to}`,
    data: JSON.stringify({
      version: '1.0',
      oldState: { stateValue: alarm.state, stateReason: alarm.stateReason },
      newState: {
        stateValue: change.to,
        stateReason: change.reason,
        ...(change.reasonData === undefined
          ? {}
          : { stateReasonData: JSON.parse(change.reasonData) as unknown }),
      },
    }),
  })
  const transition = transitionOf(alarm, change, now)
  await queueActions(context, records, { scope, alarm, transition }, actionsOf(alarm, change.to))
}

/** Puts actions into the outbox, unless the alarm's are switched off. */
export async function queueActions(
  { random }: Pick<EngineContext, 'random'>,
  records: Records,
  of: { scope: Scope; alarm: Alarm; transition: AlarmTransition },
  actionArns: readonly string[],
): Promise<void> {
  if (!of.alarm.actionsEnabled) return
  for (const actionArn of actionArns) {
    await records.insert(
      pendingActions,
      { scope: of.scope, id: timeId(of.transition.at, random.hex(6)) },
      {
        alarmName: of.alarm.name,
        alarmType: of.alarm.type,
        actionArn,
        transition: of.transition,
      },
    )
  }
}

function actionsOf(alarm: Alarm, state: AlarmState): readonly string[] {
  switch (state) {
    case 'OK':
      return alarm.okActions
    case 'ALARM':
      return alarm.alarmActions
    case 'INSUFFICIENT_DATA':
      return alarm.insufficientDataActions
  }
}

export function transitionOf(alarm: Alarm, change: StateChange, at: number): AlarmTransition {
  const isMetric = alarm.type === 'MetricAlarm'
  return {
    alarmName: alarm.name,
    alarmArn: alarm.arn,
    alarmDescription: alarm.description,
    from: alarm.state,
    to: change.to,
    reason: change.reason,
    at,
    dimensions:
      isMetric && alarm.measure.kind === 'metric' ? dimensionsOf(alarm.measure.dimensions) : {},
    value: change.value,
    threshold: isMetric ? alarm.threshold : undefined,
  }
}

export async function addHistory(
  { random }: Pick<EngineContext, 'random'>,
  records: Records,
  scope: Scope,
  item: HistoryItem,
): Promise<void> {
  const id = timeId(item.at, random.hex(6))
  await records.insert(history, { scope, id, owner: item.alarmName }, item)
}

/** What the rest of the platform hears of a new state, after it was written. */
export function announce(
  { events }: Pick<EngineContext, 'events'>,
  scope: Scope,
  alarm: Alarm,
  change: StateChange & { at: number },
): void {
  if (alarm.state === change.to) return
  events.publish({
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm State Change',
    scope,
    resources: [alarm.arn],
    detail: {
      alarmName: alarm.name,
      state: { value: change.to, reason: change.reason, timestamp: isoTime(change.at) },
      previousState: {
        value: alarm.state,
        reason: alarm.stateReason,
        timestamp: isoTime(alarm.stateUpdatedAt),
      },
    },
  })
}

/** Ascends in time. */
function timeId(at: number, rest: string): string {
  return `${at.toString().padStart(15, '0')}-${rest}`
}
