import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import { kindOf } from '../store/records.ts'
import type { Comparison, MissingTreatment } from './plan-alarm.ts'
import type { MetricQuery } from './domain/metric-query.ts'

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

/** What a person asked for, of either type of alarm. */
interface AlarmSettings {
  readonly name: string
  readonly description?: string | undefined
  readonly actionsEnabled: boolean
  readonly okActions: readonly string[]
  readonly alarmActions: readonly string[]
  readonly insufficientDataActions: readonly string[]
}

export interface MetricAlarmSettings extends AlarmSettings {
  readonly type: 'MetricAlarm'
  readonly measure: Measure
  readonly evaluationPeriods: number
  readonly datapointsToAlarm?: number | undefined
  readonly threshold: number
  readonly comparison: Comparison
  readonly missing: MissingTreatment
  readonly isMissingGiven: boolean
  /** Too few samples for a percentile: keep the state. */
  readonly ignoresLowSampleCount?: boolean | undefined
}

export interface CompositeAlarmSettings extends AlarmSettings {
  readonly type: 'CompositeAlarm'
  readonly rule: string
}

/** What an alarm looks at. */
export type Measure =
  | {
      readonly kind: 'metric'
      readonly namespace: string
      readonly name: string
      readonly dimensions: readonly { readonly Name: string; readonly Value: string }[]
      readonly statistic: string
      readonly periodSeconds: number
      readonly unit?: string | undefined
    }
  /** Metric math: the one query that returns data is looked at. */
  | { readonly kind: 'math'; readonly queries: readonly MetricQuery[] }

interface AlarmStanding {
  readonly arn: string
  readonly configuredAt: number
  readonly state: AlarmState
  readonly stateReason: string
  readonly stateReasonData?: string | undefined
  readonly stateUpdatedAt: number
  readonly stateTransitionedAt: number
  /** Set by hand until then; evaluation leaves it alone. */
  readonly heldUntil?: number | undefined
  /** When the scaling actions of a lasting alarm were last asked for. */
  readonly repeatedAt?: number | undefined
  readonly tags: readonly Tag[]
}

export type AlarmSettingsOf = MetricAlarmSettings | CompositeAlarmSettings
export type MetricAlarm = MetricAlarmSettings & AlarmStanding
export type CompositeAlarm = CompositeAlarmSettings & AlarmStanding
export type Alarm = MetricAlarm | CompositeAlarm

/** By name. */
export const alarms = kindOf<Alarm>('metrics/alarm')

export interface HistoryItem {
  readonly alarmName: string
  readonly alarmType: Alarm['type']
  readonly at: number
  readonly itemType: 'ConfigurationUpdate' | 'StateUpdate' | 'Action'
  readonly summary: string
  /** JSON text. */
  readonly data: string
}

/** Owner: the alarm's name. Ids ascend in time. */
export const history = kindOf<HistoryItem>('metrics/alarm-history')

/** What an action may know of the change that caused it. */
export interface AlarmTransition {
  readonly alarmName: string
  readonly alarmArn: string
  readonly alarmDescription: string | undefined
  readonly from: AlarmState
  readonly to: AlarmState
  readonly reason: string
  readonly at: number
  /** Of the metric that the alarm looks at; empty for metric math and composites. */
  readonly dimensions: Readonly<Record<string, string>>
  /** The newest datapoint that was evaluated, and what it was held against: what step scaling goes by. */
  readonly value: number | undefined
  readonly threshold: number | undefined
}

/** An action that is to be run: written with the change of state that caused it. */
export interface PendingAction {
  readonly alarmName: string
  readonly alarmType: Alarm['type']
  readonly actionArn: string
  readonly transition: AlarmTransition
}

export const pendingActions = kindOf<PendingAction>('metrics/alarm-action')

/** What alarms do to the rest of the platform. `server` wires it. */
export interface AlarmActions {
  /** Why an action cannot be run here, in words that name it; undefined when it can. */
  refusal(scope: Scope, actionArn: string): string | undefined
  /** Throws `DriverError` to be asked again; any other error ends the action and is written into the alarm's history. */
  run(scope: Scope, actionArn: string, transition: AlarmTransition): Promise<void>
}
