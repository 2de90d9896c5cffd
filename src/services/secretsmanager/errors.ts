import { AwsError } from '../../kernel/errors.ts'

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message)
}

function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message)
}

export function unsupportedMember(path: string, operation: string): AwsError {
  return invalidParameter(`The parameter ${path} of ${operation} is not supported here.`)
}

export function secretNotFound(): AwsError {
  return new AwsError(
    'ResourceNotFoundException',
    "Secrets Manager can't find the specified secret.",
  )
}

export function valueNotFound(which: string): AwsError {
  return new AwsError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for ${which}`,
  )
}

export function secretExists(name: string): AwsError {
  return new AwsError(
    'ResourceExistsException',
    `The operation failed because the secret ${name} already exists.`,
  )
}

export function versionExists(versionId: string): AwsError {
  return new AwsError(
    'ResourceExistsException',
    `The operation failed because the version ${versionId} already exists with another value.`,
  )
}

export function markedForDeletion(verb: 'create' | 'use'): AwsError {
  return invalidRequest(
    verb === 'create'
      ? "You can't create this secret because a secret with this name is already scheduled for deletion."
      : "You can't perform this operation on the secret because it was marked for deletion.",
  )
}

export function invalidNextToken(): AwsError {
  return new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.')
}

export function malformedPolicy(): AwsError {
  return new AwsError(
    'MalformedPolicyDocumentException',
    'This resource policy contains invalid JSON.',
  )
}
