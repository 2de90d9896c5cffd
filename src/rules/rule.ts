import { arnOf } from '../kernel/arn.ts'
import type { Scope } from '../kernel/scope.ts'
import { kindOf } from '../store/records.ts'
import type { JsonObject } from '../topics/domain/pattern.ts'
import type { TargetInput } from './domain/target-input.ts'

export interface RuleTarget extends TargetInput {
  readonly id: string
  /** Of a queue or a topic. */
  readonly arn: string
  readonly roleArn?: string
  /** Of a FIFO queue. */
  readonly group?: string
  readonly deadLetterArn?: string
  readonly attemptsMax: number
  readonly ageSecondsMax: number
}

export interface Rule {
  readonly name: string
  /** JSON as the caller wrote it. */
  readonly pattern?: string
  readonly schedule?: string
  /** When its schedule was given. */
  readonly scheduledSince: number
  /** The moment that its schedule has next; absent: none is left. */
  readonly nextAt?: number
  readonly description?: string
  readonly roleArn?: string
  readonly isEnabled: boolean
  readonly targets: readonly RuleTarget[]
  readonly tags: Readonly<Record<string, string>>
  /** Of the stack resource that made it. */
  readonly token?: string
}

/** By name: all are of the bus `default`. */
export const rules = kindOf<Rule>('rules/rule')

/** An event in AWS's words. */
export interface BusEvent extends JsonObject {
  readonly id: string
}

/** An event on its way: written with what it has still to reach. */
export interface PendingEvent {
  readonly event: BusEvent
  readonly heardAt: number
  readonly pending: readonly PendingTarget[]
}

export interface PendingTarget {
  readonly ruleName: string
  readonly target: RuleTarget
  /** That failed. */
  readonly attempts: number
  readonly dueAt: number
}

/** The outbox. Ids ascend in time. */
export const pendingEvents = kindOf<PendingEvent>('rules/event')

export function ruleArn(scope: Scope, name: string): string {
  return arnOf('events', scope, `rule/${name}`)
}

export function busArn(scope: Scope): string {
  return arnOf('events', scope, 'event-bus/default')
}
