import type { Target } from '@aws-sdk/client-eventbridge'
import { parseArn } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import { isPath } from '../../rules/domain/target-input.ts'
import type { RuleTarget } from '../../rules/rule.ts'
import type { AcceptTree } from '../../wire/service.ts'
import { invalid } from './errors.ts'
import { usualAgeSeconds, usualAttempts } from './rule-view.ts'

/** Members of a target that are honoured. */
export const acceptedTarget: AcceptTree = {
  Id: true,
  Arn: true,
  RoleArn: true,
  Input: true,
  InputPath: true,
  InputTransformer: { InputPathsMap: true, InputTemplate: true },
  SqsParameters: { MessageGroupId: true },
  DeadLetterConfig: { Arn: true },
  RetryPolicy: { MaximumRetryAttempts: true, MaximumEventAgeInSeconds: true },
}

/** A target as the engine keeps it; checked. */
export function targetOf(scope: Scope, given: Target): RuleTarget {
  const { Id: id = '', Arn: arn = '', SqsParameters: sqs, DeadLetterConfig: dead } = given
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(id)) throw invalid(`Target Id ${id} is not valid.`)
  const service = checkArn(scope, id, arn)
  const group = sqs?.MessageGroupId
  const isFifo = arn.endsWith('.fifo')
  if (service === 'sqs' && isFifo !== (group !== undefined)) {
    throw invalid(
      isFifo
        ? `Parameter(s) SqsParameters must be specified for target: ${id}.`
        : `Parameter(s) MessageGroupId not supported for target: ${id}.`,
    )
  }
  if (service === 'sns' && (isFifo || sqs)) {
    throw invalid(`Target ${id}: FIFO topics and SqsParameters are not supported for it.`)
  }
  if (
    dead?.Arn !== undefined &&
    (checkArn(scope, id, dead.Arn) !== 'sqs' || dead.Arn.endsWith('.fifo'))
  ) {
    throw invalid(`Target ${id}: a dead-letter queue is a standard queue.`)
  }
  return {
    id,
    arn,
    ...(given.RoleArn === undefined ? {} : { roleArn: given.RoleArn }),
    ...inputOf(id, given),
    ...(group === undefined ? {} : { group }),
    ...(dead?.Arn === undefined ? {} : { deadLetterArn: dead.Arn }),
    ...retriesOf(id, given),
  }
}

function checkArn(scope: Scope, id: string, arn: string): 'sqs' | 'sns' {
  const parts = parseArn(arn)
  if (!parts) throw invalid(`Provided Arn is not in correct format for target: ${id}.`)
  const { service, account, region } = parts
  if (service !== 'sqs' && service !== 'sns') {
    throw invalid(`Target ${id}: targets of ${service} are not supported here.`)
  }
  if (account !== scope.account || region !== scope.region) {
    throw invalid(`Target ${id}: ${arn} is of another account or region.`)
  }
  return service
}

function inputOf(
  id: string,
  { Input: input, InputPath: path, InputTransformer: given }: Target,
): Partial<RuleTarget> {
  const count = [input, path, given].filter((one) => one !== undefined).length
  if (count > 1) {
    throw invalid(
      `Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`,
    )
  }
  if (input !== undefined) {
    if (!isJson(input)) throw invalid(`JSON syntax error in input for target ${id}.`)
    return { input }
  }
  if (path !== undefined) {
    checkPath(id, path)
    return { path }
  }
  if (!given) return {}
  const { InputTemplate: template = '', InputPathsMap: paths = {} } = given
  for (const [name, at] of Object.entries(paths)) {
    if (name.toLowerCase().startsWith('aws')) {
      throw invalid(`Invalid InputPathsMap of target ${id}: a name must not begin with AWS.`)
    }
    checkPath(id, at)
  }
  const unknown = [...template.matchAll(/<([A-Za-z0-9_-]+)>/g)].find(
    ([, name = '']) => !(name in paths),
  )
  if (unknown)
    throw invalid(
      `InputTemplate of target ${id} names ${unknown[0]}, which InputPathsMap does not.`,
    )
  if (template === '') throw invalid(`Invalid InputTemplate of target ${id}: it is empty.`)
  return { transformer: { paths, template } }
}

function checkPath(id: string, path: string): void {
  if (!isPath(path)) throw invalid(`Reason: ${path} is not a valid JSON path for target ${id}.`)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function retriesOf(
  id: string,
  { RetryPolicy: policy }: Target,
): Pick<RuleTarget, 'attemptsMax' | 'ageSecondsMax'> {
  const attemptsMax = policy?.MaximumRetryAttempts ?? usualAttempts
  const ageSecondsMax = policy?.MaximumEventAgeInSeconds ?? usualAgeSeconds
  if (attemptsMax < 0 || attemptsMax > usualAttempts) {
    throw invalid(`Target ${id}: MaximumRetryAttempts must be from 0 to ${usualAttempts}.`)
  }
  if (ageSecondsMax < 60 || ageSecondsMax > usualAgeSeconds) {
    throw invalid(`Target ${id}: MaximumEventAgeInSeconds must be from 60 to ${usualAgeSeconds}.`)
  }
  return { attemptsMax, ageSecondsMax }
}
