import { AwsError } from '../../kernel/errors.ts'
import type { RuleRefusal } from '../../rules/refusal.ts'

/** What the engine refused, in EventBridge's own shapes. */
export function refused({ code, message }: RuleRefusal): AwsError {
  return new AwsError(code, message)
}

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
