import type { Scope } from '../kernel/scope.ts'

export interface AlarmMetric {
  readonly namespace: string
  readonly metricName: string
  readonly dimensions: readonly { readonly Name: string; readonly Value: string }[]
  readonly statistic: string
  readonly unit?: string | undefined
}

/** An alarm that a target-tracking policy keeps for itself. */
export interface ManagedAlarm {
  readonly name: string
  readonly description: string
  readonly metric: AlarmMetric
  readonly periodSeconds: number
  readonly evaluationPeriods: number
  readonly threshold: number
  readonly comparison: 'GreaterThanThreshold' | 'LessThanThreshold'
  /** ARNs of what it does in ALARM: the policy. */
  readonly actions: readonly string[]
}

/** What policies ask of CloudWatch. `server` joins the two. */
export interface ManagedAlarms {
  /** Makes the alarms or changes them to this. Idempotent. Their ARNs, in order. */
  put(scope: Scope, alarms: readonly ManagedAlarm[]): Promise<readonly string[]>
  /** Removes those that there are. */
  remove(scope: Scope, alarmNames: readonly string[]): Promise<void>
  /** All alarms that act, whoever made them: which of them name an ARN among their actions. */
  acting(scope: Scope): Promise<readonly ActingAlarm[]>
}

export interface ActingAlarm {
  readonly name: string
  readonly arn: string
  /** ARNs. */
  readonly actions: readonly string[]
}
