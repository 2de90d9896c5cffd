import { AwsError } from '../../kernel/errors.ts'

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message)
}

export function unsupportedMember(path: string, operation: string): AwsError {
  return invalidParameter(`The parameter ${path} of ${operation} is not supported here.`)
}

export function repositoryNotFound(name: string, account: string): AwsError {
  return new AwsError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${account}'`,
  )
}

export function imageNotFound(
  image: { readonly imageDigest?: string | undefined; readonly imageTag?: string | undefined },
  name: string,
  account: string,
): AwsError {
  const { imageDigest = 'null', imageTag = 'null' } = image
  return new AwsError(
    'ImageNotFoundException',
    `The image with imageId {imageDigest:'${imageDigest}', imageTag:'${imageTag}'} does not exist within the repository with name '${name}' in the registry with id '${account}'`,
  )
}

export function repositoryExists(name: string, account: string): AwsError {
  return new AwsError(
    'RepositoryAlreadyExistsException',
    `The repository with name '${name}' already exists in the registry with id '${account}'`,
  )
}

export function noRepositoryPolicy(name: string, account: string): AwsError {
  return new AwsError(
    'RepositoryPolicyNotFoundException',
    `Repository policy does not exist for the repository with name '${name}' in the registry with id '${account}'`,
  )
}

export function noLifecyclePolicy(name: string, account: string): AwsError {
  return new AwsError(
    'LifecyclePolicyNotFoundException',
    `Lifecycle policy does not exist for the repository with name '${name}' in the registry with id '${account}'`,
  )
}
