import { AwsError } from '../../kernel/errors.ts'

export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message)
}

export function unsupportedMember(path: string, operation: string): AwsError {
  return validationError(
    `The parameter ${path} of ${operation} is not supported here, or not with this value.`,
  )
}

export function invalidArn(arn: string): AwsError {
  return new AwsError(
    'InvalidArnException',
    `'${arn}' is not a valid certificate ARN of this region`,
  )
}

export function certificateNotFound(arn: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Could not find certificate ${arn}.`)
}

export function certificateInUse(arn: string, by: readonly string[]): AwsError {
  const message = `Certificate ${arn} in use by ${by.join(', ')}.`
  return new AwsError('ResourceInUseException', message)
}
