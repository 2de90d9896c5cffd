import { AwsError } from '../../kernel/errors.ts'

export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message)
}

export function invalidMarker(): AwsError {
  return new AwsError('InvalidMarkerException', 'The Marker is not valid.')
}

export function unsupportedMember(path: string, operation: string): AwsError {
  return new AwsError(
    'UnsupportedOperationException',
    `The parameter ${path} of ${operation} is not supported here, or not with this value.`,
  )
}

export function notFound(what: string): AwsError {
  return new AwsError('NotFoundException', `${what} is not found.`)
}

export function aliasExists(arn: string): AwsError {
  return new AwsError('AlreadyExistsException', `An alias with the name ${arn} already exists`)
}

export function invalidAliasName(): AwsError {
  return new AwsError(
    'InvalidAliasNameException',
    'Alias must start with the prefix "alias/", not with "alias/aws/", and contain a-zA-Z0-9/_- only',
  )
}

export function keyDisabled(arn: string): AwsError {
  return new AwsError('DisabledException', `${arn} is disabled.`)
}

export function keyPendingDeletion(arn: string): AwsError {
  return new AwsError('KMSInvalidStateException', `${arn} is pending deletion.`)
}

export function invalidCiphertext(): AwsError {
  return new AwsError('InvalidCiphertextException', '')
}

export function incorrectKey(): AwsError {
  return new AwsError(
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
  )
}

export function malformedPolicy(): AwsError {
  return new AwsError('MalformedPolicyDocumentException', 'The policy is not valid JSON.')
}

export function keyNotPendingDeletion(arn: string): AwsError {
  return new AwsError('KMSInvalidStateException', `${arn} is not pending deletion.`)
}
