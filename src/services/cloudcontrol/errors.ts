import { AwsError } from '../../kernel/errors.ts'
import { RequestRefusal } from '../../stacks/request-refusal.ts'
import { tellingRefusals } from '../../wire/refusals.ts'

function validationException(message: string): AwsError {
  return new AwsError('ValidationException', message)
}

export function unsupportedMember(path: string, operation: string): AwsError {
  return validationException(`The parameter ${path} of ${operation} is not supported here.`)
}

/** AWS's words for a member that is not as its model says. */
export function constraintViolated(member: string, value: unknown, constraint: string): AwsError {
  return validationException(
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${constraint}`,
  )
}

export function invalidNextToken(): AwsError {
  return validationException('The NextToken value is not valid.')
}

/** What the engine refused, as Cloud Control's error. */
export const asAwsError = tellingRefusals(RequestRefusal)
