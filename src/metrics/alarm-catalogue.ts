import { arnOf } from '../kernel/arn.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify, type Records } from '../store/records.ts'
import {
  alarms,
  history,
  type Alarm,
  type AlarmSettingsOf,
  type AlarmState,
  type HistoryItem,
} from './alarm.ts'
import { addHistory, announce, changeState } from './alarm-changes.ts'

/** The alarms of each scope, as callers change and see them. */
export interface AlarmCatalogue {
  /** Makes it or replaces its settings; the state of one that exists stays. Tags count only when it is made. */
  put(scope: Scope, settings: AlarmSettingsOf, tags: readonly Tag[]): Promise<void>
  find(scope: Scope, name: string): Promise<Alarm | undefined>
  /** By name. */
  list(scope: Scope): Promise<readonly Alarm[]>
  remove(scope: Scope, names: readonly string[]): Promise<void>
  /** False when there is no such alarm. The state stays until the next evaluation. */
  setState(
    scope: Scope,
    name: string,
    change: { to: AlarmState; reason: string; reasonData?: string | undefined },
  ): Promise<boolean>
  setActionsEnabled(scope: Scope, names: readonly string[], isEnabled: boolean): Promise<void>
  setTags(
    scope: Scope,
    name: string,
    change: (tags: readonly Tag[]) => readonly Tag[],
  ): Promise<boolean>
  /** Oldest first; of one alarm, or of all that ever were. */
  history(
    scope: Scope,
    alarmName?: string,
  ): Promise<readonly (HistoryItem & { readonly id: string })[]>
}

/** A state that was set by hand lasts for an evaluation's usual distance, as on AWS. */
const heldMilliseconds = 60_000
const heldShortMilliseconds = 10_000

export function alarmArn(scope: Scope, name: string): string {
  return arnOf('cloudwatch', scope, `alarm:${name}`)
}

export function createAlarmCatalogue(context: EngineContext): AlarmCatalogue {
  const { store, clock } = context

  async function changeEach(
    scope: Scope,
    names: readonly string[],
    work: (records: Records, name: string) => Promise<void>,
  ): Promise<void> {
    for (const name of new Set(names)) {
      await store.transaction((records) => work(records, name))
    }
  }

  return {
    put: (scope, settings, tags) => putAlarm(context, scope, settings, tags),
    async find(scope, name) {
      return (await store.find(alarms, scope, name))?.value
    },
    async list(scope) {
      return (await store.list(alarms, scope)).map((record) => record.value)
    },
    remove: (scope, names) =>
      changeEach(scope, names, (records, name) => removeAlarm(context, records, scope, name)),
    async setState(scope, name, change) {
      const before = await store.transaction(async (records) => {
        const record = await records.find(alarms, scope, name)
        if (!record) return undefined
        const heldUntil = clock.now() + heldFor(record.value)
        await changeState(context, records, record, { ...change, heldUntil })
        return record.value
      })
      if (before) announce(context, scope, before, { ...change, at: clock.now() })
      return before !== undefined
    },
    setActionsEnabled: (scope, names, actionsEnabled) =>
      changeEach(scope, names, async (records, name) => {
        await modify(records, { kind: alarms, scope, id: name }, (alarm) =>
          alarm.actionsEnabled === actionsEnabled ? undefined : { ...alarm, actionsEnabled },
        )
      }),
    async setTags(scope, name, change) {
      const record = await modify(store, { kind: alarms, scope, id: name }, (alarm) => ({
        ...alarm,
        tags: change(alarm.tags),
      }))
      return record !== undefined
    },
    async history(scope, alarmName) {
      const found = await store.list(
        history,
        scope,
        alarmName === undefined ? {} : { owner: alarmName },
      )
      return found.map((record) => ({ ...record.value, id: record.id }))
    },
  }
}

function heldFor(alarm: Alarm): number {
  const isShort =
    alarm.type === 'MetricAlarm' &&
    alarm.measure.kind === 'metric' &&
    alarm.measure.periodSeconds < 60
  return isShort ? heldShortMilliseconds : heldMilliseconds
}

async function putAlarm(
  context: EngineContext,
  scope: Scope,
  settings: AlarmSettingsOf,
  tags: readonly Tag[],
): Promise<void> {
  const { store, clock } = context
  const now = clock.now()
  const { name } = settings
  await store.transaction(async (records) => {
    const held = await records.find(alarms, scope, name)
    const standing = held?.value ?? {
      arn: alarmArn(scope, name),
      state: 'INSUFFICIENT_DATA' as const,
      stateReason: 'Unchecked: Initial alarm creation',
      stateReasonData: undefined,
      stateUpdatedAt: now,
      stateTransitionedAt: now,
      tags,
    }
    const { arn, state, stateReason, stateReasonData, stateUpdatedAt } = standing
    const value: Alarm = {
      ...settings,
      arn,
      state,
      stateReason,
      stateReasonData,
      stateUpdatedAt,
      stateTransitionedAt: standing.stateTransitionedAt,
      tags: standing.tags,
      configuredAt: now,
    }
    if (held) await records.update(held, value)
    else await records.insert(alarms, { scope, id: name }, value)
    await addHistory(context, records, scope, {
      alarmName: name,
      alarmType: settings.type,
      at: now,
      itemType: 'ConfigurationUpdate',
      summary: `Alarm "${name}" ${held ? 'updated' : 'created'}`,
      data: JSON.stringify({ version: '1.0', type: held ? 'Update' : 'Create' }),
    })
  })
}

async function removeAlarm(
  context: EngineContext,
  records: Records,
  scope: Scope,
  name: string,
): Promise<void> {
  const record = await records.find(alarms, scope, name)
  if (!record) return
  await records.remove(record)
  await addHistory(context, records, scope, {
    alarmName: name,
    alarmType: record.value.type,
    at: context.clock.now(),
    itemType: 'ConfigurationUpdate',
    summary: `Alarm "${name}" deleted`,
    data: JSON.stringify({ version: '1.0', type: 'Delete' }),
  })
}
