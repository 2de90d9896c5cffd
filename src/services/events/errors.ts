import { AwsError } from '../../kernel/errors.ts'
import { RuleRefusal } from '../../rules/refusal.ts'
import { tellingRefusals } from '../../wire/refusals.ts'

/** What the engine refused, in EventBridge's own shapes. */
export const asAwsError = tellingRefusals(RuleRefusal)

export function unsupportedMember(path: string, operation: string): AwsError {
  return new AwsError(
    'ValidationException',
    `Parameter ${path} of ${operation} is not supported here.`,
  )
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message)
}

/** Only the bus `default` is there. */
export function busNotFound(name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`)
}

export function resourceNotFound(arn: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Resource ${arn} does not exist.`)
}
