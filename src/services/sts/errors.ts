import { AwsError } from '../../kernel/errors.ts'

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message)
}

export function unsupportedMember(path: string, operation: string): AwsError {
  return validationError(`The parameter ${path} of ${operation} is not supported here.`)
}

/** Also when there is no such role: AWS does not tell strangers which roles exist. */
export function notTrusted(callerArn: string, roleArn: string): AwsError {
  return new AwsError(
    'AccessDenied',
    `User: ${callerArn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    { status: 403 },
  )
}

export function invalidKeyId(): AwsError {
  return validationError('The access key id is not valid.')
}

/** Temporary credentials may not lengthen themselves. */
export function sessionRefused(): AwsError {
  return new AwsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', {
    status: 403,
  })
}
