import { globalArnOf } from '../../kernel/arn.ts'
import type { Topic } from '../../topics/topic.ts'
import { invalidParameter } from './errors.ts'
import { usualPolicy } from './topic-view.ts'

interface Policy {
  readonly Statement: readonly { readonly Sid?: string }[]
}

export interface Permission {
  readonly label: string
  readonly accounts: readonly string[]
  readonly actions: readonly string[]
}

/** What AddPermission can allow. */
const actions = [
  'AddPermission',
  'DeleteTopic',
  'GetDataProtectionPolicy',
  'GetTopicAttributes',
  'ListSubscriptionsByTopic',
  'ListTagsForResource',
  'Publish',
  'PutDataProtectionPolicy',
  'RemovePermission',
  'SetTopicAttributes',
  'Subscribe',
]

/** The topic's policy with one more statement. */
export function withPermission(topic: Topic, permission: Permission): string {
  const { label, accounts } = permission
  const policy = policyOf(topic)
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(label)) throw invalidParameter('Label')
  if (policy.Statement.some(({ Sid }) => Sid === label)) {
    throw invalidParameter('Statement already exists')
  }
  const wrong = permission.actions.find((action) => !actions.includes(action))
  if (wrong !== undefined || permission.actions.length === 0) {
    throw invalidParameter('Policy statement action out of service scope!')
  }
  if (accounts.length === 0 || accounts.some((account) => !/^\d{12}$/.test(account))) {
    throw invalidParameter('AWSAccountId')
  }
  const principals = accounts.map((account) =>
    globalArnOf('iam', { ...topic.scope, account }, 'root'),
  )
  const allowed = permission.actions.map((action) => `SNS:${action}`)
  const statement = {
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: principals.length === 1 ? principals[0] : principals },
    Action: allowed.length === 1 ? allowed[0] : allowed,
    Resource: topic.arn,
  }
  return JSON.stringify({ ...policy, Statement: [...policy.Statement, statement] })
}

/** The topic's policy without the statement. AWS says nothing of one that is not there. */
export function withoutPermission(topic: Topic, label: string): string {
  const policy = policyOf(topic)
  return JSON.stringify({
    ...policy,
    Statement: policy.Statement.filter(({ Sid }) => Sid !== label),
  })
}

function policyOf(topic: Topic): Policy {
  const policy = JSON.parse(topic.attributes['Policy'] ?? usualPolicy(topic)) as {
    Statement?: unknown
  }
  return { ...policy, Statement: [policy.Statement ?? []].flat() as Policy['Statement'] }
}
