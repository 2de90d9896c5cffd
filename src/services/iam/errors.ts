import { AwsError } from '../../kernel/errors.ts'

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message)
}

export function unsupportedMember(path: string, operation: string): AwsError {
  return validationError(`The parameter ${path} of ${operation} is not supported here.`)
}

/** `what`: `role with name web`. */
export function noSuchEntity(what: string): AwsError {
  return new AwsError('NoSuchEntityException', `The ${what} cannot be found.`)
}

/** `what`: `Role with name web`. */
export function entityAlreadyExists(what: string): AwsError {
  return new AwsError('EntityAlreadyExistsException', `${what} already exists.`)
}

export function deleteConflict(message: string): AwsError {
  return new AwsError('DeleteConflictException', message)
}

export function limitExceeded(quota: string, limit: number): AwsError {
  return new AwsError('LimitExceededException', `Cannot exceed quota for ${quota}: ${limit}`)
}

export function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInputException', message)
}

export function malformedCertificate(reason: string): AwsError {
  return new AwsError('MalformedCertificateException', reason)
}

export function keyPairMismatch(reason: string): AwsError {
  return new AwsError('KeyPairMismatchException', reason)
}

export function malformedPolicy(reason: string): AwsError {
  return new AwsError('MalformedPolicyDocumentException', reason)
}

export function passwordPolicyViolation(message: string): AwsError {
  return new AwsError('PasswordPolicyViolationException', message)
}
