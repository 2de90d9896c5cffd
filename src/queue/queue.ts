import { arnOf } from '../kernel/arn.ts'
import type { Scope } from '../kernel/scope.ts'
import { kindOf } from '../store/records.ts'
import { settingsOf, type QueueSettings } from './domain/queue-settings.ts'

/** What is written down of a queue; its messages are in the message store under `key`. */
export interface QueueRecord {
  readonly name: string
  /** Random, so that a queue made again under the same name has none of the old one's messages. */
  readonly key: number
  readonly createdAt: number
  readonly modifiedAt: number
  /** As the caller gave them, by AWS's names. */
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  readonly purgedAt?: number
  /** What a large purge left to the sweep: messages up to this sequence. */
  readonly purgeThrough?: number
  /** Of the stack resource that made it. */
  readonly token?: string
}

/** By name. */
export const queueRecords = kindOf<QueueRecord>('queue/queue')

/** A queue as the engine works with it. */
export interface Queue extends QueueRecord {
  readonly scope: Scope
  readonly arn: string
  readonly settings: QueueSettings
}

export function queueOf(scope: Scope, record: QueueRecord): Queue {
  const arn = queueArn(scope, record.name)
  return { ...record, scope, arn, settings: settingsOf(record.attributes) }
}

export function queueArn(scope: Scope, name: string): string {
  return arnOf('sqs', scope, name)
}
