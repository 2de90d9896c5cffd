import type { Scope } from '../kernel/scope.ts'
import { parseArn } from '../kernel/arn.ts'
import { kindOf } from '../store/records.ts'
import type { FilterScope } from './domain/filter-policy.ts'
import type { JsonObject } from './domain/pattern.ts'
import { topicArn } from './topic.ts'

export type Protocol = 'sqs' | 'http' | 'https' | 'email' | 'email-json'

export interface SubscriptionRecord {
  readonly id: string
  readonly topicName: string
  readonly protocol: Protocol
  readonly endpoint: string
  readonly createdAt: number
  /** As the caller gave them, by AWS's names. */
  readonly attributes: Readonly<Record<string, string>>
  readonly isConfirmed: boolean
  /** Only a signed call may remove it. */
  readonly needsKeyToLeave: boolean
  /** What confirms it. */
  readonly token: string
  /** Of who asked for it. */
  readonly principal: string
}

/** Id: random. Owner: the topic's name. */
export const subscriptionRecords = kindOf<SubscriptionRecord>('topics/subscription')

export interface Subscription extends SubscriptionRecord {
  readonly scope: Scope
  readonly arn: string
  readonly filter: JsonObject | undefined
  readonly filterScope: FilterScope
  readonly isRaw: boolean
  readonly deadLetterArn: string | undefined
}

export function subscriptionOf(scope: Scope, record: SubscriptionRecord): Subscription {
  const { attributes } = record
  const redrive = openJson(attributes['RedrivePolicy'])?.['deadLetterTargetArn']
  return {
    ...record,
    scope,
    arn: `${topicArn(scope, record.topicName)}:${record.id}`,
    filter: openJson(attributes['FilterPolicy']),
    filterScope:
      attributes['FilterPolicyScope'] === 'MessageBody' ? 'MessageBody' : 'MessageAttributes',
    isRaw: attributes['RawMessageDelivery'] === 'true',
    deadLetterArn: typeof redrive === 'string' ? redrive : undefined,
  }
}

/** JSON that was checked before it was kept. */
export function openJson(text: string | undefined): JsonObject | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as JsonObject)
}

/** The place of a subscription, by its ARN; undefined when it is none. */
export function openSubscriptionArn(
  arn: string,
): { scope: Scope; topicName: string; id: string } | undefined {
  const parts = parseArn(arn)
  const [, topicName = '', id = ''] =
    /^([A-Za-z0-9_.-]+):([0-9a-f-]{36})$/.exec(parts?.resource ?? '') ?? []
  if (parts?.service !== 'sns' || id === '') return undefined
  return { scope: { account: parts.account, region: parts.region }, topicName, id }
}
