import { kindOf } from '../store/records.ts'
import type { PolicyRule } from './domain/adjust-capacity.ts'
import type { AlarmMetric } from './managed-alarms.ts'

/** A scaling policy of a group. */
export interface ScalingPolicy {
  readonly name: string
  readonly groupName: string
  readonly arn: string
  readonly isEnabled: boolean
  readonly rule: PolicyRule
  /** Of a step policy: kept and shown; its alarm has a statistic of its own. */
  readonly metricAggregation?: string | undefined
  /** Of a target-tracking policy: what it watches, in the words it was given in and as its alarms need it. */
  readonly tracking?: PolicyTracking | undefined
}

export interface PolicyTracking {
  /** The TargetTrackingConfiguration as given, for DescribePolicies. */
  readonly given: Readonly<Record<string, unknown>>
  readonly metric: AlarmMetric
  readonly periodSeconds: number
  readonly alarms: readonly { readonly name: string; readonly arn: string }[]
  /** The policy was written, and its alarms not yet: whoever wrote it is at work on them, or died. */
  readonly isPending?: boolean
}

/** Id: `<group>/<policy>`, which no group's name can confuse. Owner: the group's name. */
export const scalingPolicies = kindOf<ScalingPolicy>('scale/policy')

export function policyId(groupName: string, policyName: string): string {
  return `${groupName}/${policyName}`
}
