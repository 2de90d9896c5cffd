import { AwsError } from '../../kernel/errors.ts'
import { LogRefusal } from '../../logs/refusal.ts'
import { tellingRefusals } from '../../wire/refusals.ts'

/** What the engine refused, in CloudWatch Logs' own shapes. */
export const asAwsError = tellingRefusals(LogRefusal)

export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message)
}

export function unsupportedMember(path: string, operation: string): AwsError {
  return invalid(`The parameter ${path} of ${operation} is not supported here.`)
}

export function missingMember(path: string): AwsError {
  const member = path.slice(0, 1).toLowerCase() + path.slice(1)
  return invalid(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  )
}

export function resourceNotFound(): AwsError {
  return new AwsError('ResourceNotFoundException', 'The specified resource does not exist.')
}

/** What went wrong on our side during a session. */
export function sessionBroken(): AwsError {
  return new AwsError('SessionStreamingException', 'The session ended by an internal error.')
}

export function sessionTimedOut(): AwsError {
  return new AwsError('SessionTimeoutException', 'The session has reached its three hours.')
}

export function filterExists(name: string): AwsError {
  return new AwsError(
    'ResourceAlreadyExistsException',
    `A metric filter of the name ${name} already exists`,
  )
}
