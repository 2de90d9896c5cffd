import { globalArnOf } from '../../kernel/arn.ts'
import type { Queue } from '../../queue/queue.ts'
import { invalidParameter } from './errors.ts'

interface Statement {
  readonly Sid?: string
  readonly [member: string]: unknown
}

interface Policy {
  readonly Version?: string
  readonly Id?: string
  readonly Statement: readonly Statement[]
}

/** What AddPermission can allow. */
const actions = [
  '*',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
]

export interface Permission {
  readonly label: string
  readonly accounts: readonly string[]
  readonly actions: readonly string[]
}

/** The queue's policy with one more statement. */
export function withPermission(queue: Queue, permission: Permission): string {
  const { label, accounts } = permission
  const policy = policyOf(queue)
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(label))
    throw invalidParameter(`Value ${label} for parameter Label is invalid.`)
  if (policy.Statement.some(({ Sid }) => Sid === label)) {
    throw invalidParameter(`Value ${label} for parameter Label is invalid. Reason: Already exists.`)
  }
  const wrong = permission.actions.find((action) => !actions.includes(action))
  if (wrong !== undefined) {
    throw invalidParameter(
      `Value SQS:${wrong} for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this action.`,
    )
  }
  const strange = accounts.find((account) => !/^\d{12}$/.test(account))
  if (strange !== undefined) {
    throw invalidParameter(
      `Value ${strange} for parameter PrincipalId is invalid. Reason: Unable to verify.`,
    )
  }
  const principals = accounts.map((account) =>
    globalArnOf('iam', { ...queue.scope, account }, 'root'),
  )
  const statement = {
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: only(principals) },
    Action: only(permission.actions.map((action) => `SQS:${action}`)),
    Resource: queue.arn,
  }
  return JSON.stringify({ ...policy, Statement: [...policy.Statement, statement] })
}

/** The queue's policy without the statement; empty text when none is left. */
export function withoutPermission(queue: Queue, label: string): string {
  const policy = policyOf(queue)
  const left = policy.Statement.filter(({ Sid }) => Sid !== label)
  if (left.length === policy.Statement.length) {
    throw invalidParameter(
      `Value ${label} for parameter Label is invalid. Reason: can't find label on existing policy.`,
    )
  }
  return left.length === 0 ? '' : JSON.stringify({ ...policy, Statement: left })
}

function only(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] ?? '') : values
}

function policyOf(queue: Queue): Policy {
  const text = queue.attributes['Policy']
  if (text === undefined) {
    return { Version: '2012-10-17', Id: `${queue.arn}/SQSDefaultPolicy`, Statement: [] }
  }
  const policy = JSON.parse(text) as Omit<Policy, 'Statement'> & { Statement: unknown }
  return { ...policy, Statement: [policy.Statement].flat() as readonly Statement[] }
}
