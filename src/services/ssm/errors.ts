import { AwsError } from '../../kernel/errors.ts'

export function validationException(message: string): AwsError {
  return new AwsError('ValidationException', message)
}

export function unsupportedMember(path: string, operation: string): AwsError {
  return validationException(`The parameter ${path} of ${operation} is not supported here.`)
}

export function secureInTemplate(): AwsError {
  return validationException('AWS::SSM::Parameter does not make parameters of type SecureString.')
}

export function parameterNotFound(name: string): AwsError {
  return new AwsError('ParameterNotFound', `Parameter ${name} not found.`)
}

export function parameterVersionNotFound(name: string): AwsError {
  return new AwsError(
    'ParameterVersionNotFound',
    `Systems Manager could not find version of ${name}. Verify the version and try again.`,
  )
}

export function labelLimitExceeded(most: number): AwsError {
  return new AwsError(
    'ParameterVersionLabelLimitExceeded',
    `A parameter version can have maximum ${most} labels.`,
  )
}

export function oldestIsLabelled(name: string, version: number): AwsError {
  return new AwsError(
    'ParameterMaxVersionLimitExceeded',
    `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version ${version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
  )
}

export function parameterAlreadyExists(): AwsError {
  return new AwsError(
    'ParameterAlreadyExists',
    'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  )
}

export function patternMismatch(pattern: string): AwsError {
  return new AwsError(
    'ParameterPatternMismatchException',
    `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
  )
}

export function tagsWithOverwrite(): AwsError {
  return validationException(
    "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
  )
}

export function invalidResourceType(type: string): AwsError {
  return new AwsError('InvalidResourceType', `${type} is not a valid resource type here.`)
}

export function invalidResourceId(): AwsError {
  return new AwsError('InvalidResourceId', 'The specified resource does not exist.')
}

export function tooManyTags(most: number): AwsError {
  return new AwsError('TooManyTagsError', `A resource has at most ${most} tags.`)
}

export function invalidFilterKey(key: string): AwsError {
  return new AwsError('InvalidFilterKey', `The filter key ${key} is not valid here.`)
}

export function invalidFilterOption(option: string): AwsError {
  return new AwsError(
    'InvalidFilterOption',
    `The filter option ${option} is not valid for this key.`,
  )
}

export function invalidNextToken(): AwsError {
  return new AwsError('InvalidNextToken', 'The specified token is not valid.')
}
