import { arnOf, parseArn } from '../kernel/arn.ts'
import type { Scope } from '../kernel/scope.ts'
import { kindOf } from '../store/records.ts'

/** What is written down of a topic. Its subscriptions are records of their own. */
export interface TopicRecord {
  readonly name: string
  readonly createdAt: number
  /** As the caller gave them, by AWS's names. */
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  /** Subscriptions that were removed, for `SubscriptionsDeleted`. */
  readonly removedCount: number
  /** Of the stack resource that made it. */
  readonly token?: string
}

/** By name. */
export const topicRecords = kindOf<TopicRecord>('topics/topic')

/** The number of the last message of a FIFO topic. By the topic's name. */
export const topicSequences = kindOf<{ readonly last: number }>('topics/sequence')

export interface Topic extends TopicRecord {
  readonly scope: Scope
  readonly arn: string
  readonly isFifo: boolean
}

export function topicOf(scope: Scope, record: TopicRecord): Topic {
  return { ...record, scope, arn: topicArn(scope, record.name), isFifo: isFifoName(record.name) }
}

export function isFifoName(name: string): boolean {
  return name.endsWith('.fifo')
}

export function topicArn(scope: Scope, name: string): string {
  return arnOf('sns', scope, name)
}

/** The place of a topic, by its ARN; undefined when it is none. */
export function openTopicArn(arn: string): { scope: Scope; name: string } | undefined {
  const parts = parseArn(arn)
  if (parts?.service !== 'sns' || !/^[A-Za-z0-9_.-]+$/.test(parts.resource)) return undefined
  return { scope: { account: parts.account, region: parts.region }, name: parts.resource }
}
