import { AwsError } from '../../kernel/errors.ts'
import { refusals } from './refusals.ts'

export function applicationNameRequired(): AwsError {
  return new AwsError('ApplicationNameRequiredException', 'Application name is required')
}

export function invalidApplicationName(name: string): AwsError {
  return new AwsError('InvalidApplicationNameException', `Invalid application name: ${name}`)
}

export function applicationAlreadyExists(name: string): AwsError {
  return new AwsError(
    'ApplicationAlreadyExistsException',
    `Application already exists with name: ${name}`,
  )
}

export function applicationDoesNotExist(name: string): AwsError {
  return new AwsError('ApplicationDoesNotExistException', `No application found for name: ${name}`)
}

export function invalidComputePlatform(platform: string): AwsError {
  return new AwsError(
    'InvalidComputePlatformException',
    `The compute platform ${platform} is not supported here; Server is`,
  )
}

export function deploymentGroupNameRequired(): AwsError {
  return new AwsError('DeploymentGroupNameRequiredException', 'Deployment group name is required')
}

export function invalidDeploymentGroupName(name: string): AwsError {
  return new AwsError(
    'InvalidDeploymentGroupNameException',
    `Invalid deployment group name: ${name}`,
  )
}

export function deploymentGroupAlreadyExists(name: string): AwsError {
  return new AwsError(
    'DeploymentGroupAlreadyExistsException',
    `Deployment group name already exists: ${name}`,
  )
}

export function deploymentGroupDoesNotExist(name: string): AwsError {
  return new AwsError(
    'DeploymentGroupDoesNotExistException',
    `No Deployment Group found for name: ${name}`,
  )
}

export function deploymentConfigNameRequired(): AwsError {
  return new AwsError(
    'DeploymentConfigNameRequiredException',
    'Deployment configuration name is required',
  )
}

export function invalidDeploymentConfigName(name: string): AwsError {
  return new AwsError(
    'InvalidDeploymentConfigNameException',
    `Invalid deployment configuration name: ${name}`,
  )
}

export function deploymentConfigAlreadyExists(name: string): AwsError {
  return new AwsError(
    'DeploymentConfigAlreadyExistsException',
    `Deployment configuration already exists with name: ${name}`,
  )
}

export function deploymentConfigDoesNotExist(name: string): AwsError {
  return new AwsError(
    'DeploymentConfigDoesNotExistException',
    `No Deployment Configuration found for name: ${name}`,
  )
}

export function deploymentConfigInUse(name: string, group: string): AwsError {
  return new AwsError(
    'DeploymentConfigInUseException',
    `Deployment configuration ${name} is used by the deployment group ${group}`,
  )
}

export function builtInConfigStays(name: string): AwsError {
  return new AwsError(
    'InvalidOperationException',
    `${name} is a predefined deployment configuration and cannot be deleted`,
  )
}

export function invalidMinimumHealthyHost(message: string): AwsError {
  return new AwsError('InvalidMinimumHealthyHostValueException', message)
}

export function roleRequired(): AwsError {
  return new AwsError('RoleRequiredException', 'The service role ARN is required')
}

export function invalidRole(arn: string): AwsError {
  return new AwsError('InvalidRoleException', `The service role ARN is not valid: ${arn}`)
}

export function invalidAutoScalingGroup(name: string): AwsError {
  return new AwsError('InvalidAutoScalingGroupException', `No Auto Scaling group named ${name}`)
}

export function invalidTag(message: string): AwsError {
  return new AwsError('InvalidEC2TagException', message)
}

export function invalidTagCombination(): AwsError {
  return new AwsError(
    'InvalidEC2TagCombinationException',
    'ec2TagFilters and ec2TagSet cannot both be given',
  )
}

export function tagSetListLimitExceeded(): AwsError {
  return new AwsError('TagSetListLimitExceededException', 'ec2TagSetList holds 3 groups at most')
}

export function invalidLoadBalancer(message: string): AwsError {
  return new AwsError('InvalidLoadBalancerInfoException', message)
}

export function invalidAutoRollback(message: string): AwsError {
  return new AwsError('InvalidAutoRollbackConfigException', message)
}

export function revisionRequired(message = 'Revision is required'): AwsError {
  return new AwsError('RevisionRequiredException', message)
}

export function restartIsForAll(): AwsError {
  return new AwsError(
    'InvalidUpdateOutdatedInstancesOnlyValueException',
    'updateOutdatedInstancesOnly is not for the deploymentMode RESTART',
  )
}

export function invalidRevision(message: string): AwsError {
  return new AwsError('InvalidRevisionException', message)
}

export function revisionDoesNotExist(message: string): AwsError {
  return new AwsError('RevisionDoesNotExistException', message)
}

export function deploymentIdRequired(): AwsError {
  return new AwsError('DeploymentIdRequiredException', 'Deployment id is required')
}

export function invalidDeploymentId(id: string): AwsError {
  return new AwsError('InvalidDeploymentIdException', `Invalid deployment id: ${id}`)
}

export function deploymentDoesNotExist(id: string): AwsError {
  return new AwsError('DeploymentDoesNotExistException', `The deployment ${id} could not be found`)
}

export function deploymentAlreadyCompleted(id: string): AwsError {
  return new AwsError(
    'DeploymentAlreadyCompletedException',
    `The deployment ${id} is already completed`,
  )
}

/** Clients look for this text. */
export function deploymentLimitExceeded(group: string, active: string): AwsError {
  return new AwsError(
    'DeploymentLimitExceededException',
    `The Deployment Group '${group}' already has an active Deployment '${active}'`,
  )
}

export function descriptionTooLong(): AwsError {
  return new AwsError('DescriptionTooLongException', 'A description has 256 characters at most')
}

export function deploymentTargetIdRequired(): AwsError {
  return new AwsError('DeploymentTargetIdRequiredException', 'A deployment target id is required')
}

export function deploymentTargetDoesNotExist(id: string): AwsError {
  return new AwsError(
    'DeploymentTargetDoesNotExistException',
    `The deployment target ${id} does not exist in this deployment`,
  )
}

export function deploymentTargetListSizeExceeded(): AwsError {
  return new AwsError(
    'DeploymentTargetListSizeExceededException',
    'The maximum of 25 targets was exceeded',
  )
}

export function instanceIdRequired(): AwsError {
  return new AwsError('InstanceIdRequiredException', 'An instance id is required')
}

export function instanceDoesNotExist(id: string): AwsError {
  return new AwsError(
    'InstanceDoesNotExistException',
    `The instance ${id} is not part of this deployment`,
  )
}

export function batchLimitExceeded(most: number): AwsError {
  return new AwsError('BatchLimitExceededException', `The batch limit is ${most}`)
}

export function invalidNextToken(): AwsError {
  return new AwsError('InvalidNextTokenException', 'The next token is not one of this operation')
}

export function resourceArnRequired(): AwsError {
  return new AwsError('ResourceArnRequiredException', 'The resource ARN is required')
}

export function invalidArn(arn: string): AwsError {
  return new AwsError('InvalidArnException', `The ARN is not valid: ${arn}`)
}

export function invalidTagsToAdd(message: string): AwsError {
  return new AwsError('InvalidTagsToAddException', message)
}

export function deploymentIsNotInReadyState(id: string): AwsError {
  return new AwsError(
    'DeploymentIsNotInReadyStateException',
    `The deployment ${id} does not have a status of Ready for this wait and cannot continue yet`,
  )
}

export function unsupportedActionForDeploymentType(message: string): AwsError {
  return new AwsError('UnsupportedActionForDeploymentTypeException', message)
}

export function invalidBlueGreen(message: string): AwsError {
  return new AwsError('InvalidBlueGreenDeploymentConfigurationException', message)
}

export function invalidZonalConfig(message: string): AwsError {
  return new AwsError('InvalidZonalDeploymentConfigurationException', message)
}

export function invalidAlarmConfig(message: string): AwsError {
  return new AwsError('InvalidAlarmConfigException', message)
}

export function groupLimitExceeded(what: 'Alarms' | 'TriggerTargets'): AwsError {
  return new AwsError(`${what}LimitExceededException`, `A group has 10 of them at most: ${what}`)
}

export function invalidTrigger(message: string): AwsError {
  return new AwsError('InvalidTriggerConfigException', message)
}

export function invalidDeploymentStyle(message: string): AwsError {
  return new AwsError('InvalidDeploymentStyleException', message)
}

export function invalidTargetInstances(message: string): AwsError {
  return new AwsError('InvalidTargetInstancesException', message)
}

export function memberNotSupported(path: string, operation: string): AwsError {
  const code = refusals.find(([member]) => member.test(path))?.[1] ?? 'InvalidInputException'
  return new AwsError(code, `${path} of ${operation} is not supported here with this value`)
}

export function instanceNameRequired(): AwsError {
  return new AwsError('InstanceNameRequiredException', 'Instance name is required')
}

export function invalidInstanceName(name: string): AwsError {
  return new AwsError(
    'InvalidInstanceNameException',
    `Invalid on-premises instance name: ${name}: 1 to 100 letters, digits and +=,.@_-, and not beginning with i-`,
  )
}

export function instanceNameAlreadyRegistered(name: string): AwsError {
  return new AwsError(
    'InstanceNameAlreadyRegisteredException',
    `The on-premises instance name ${name} is already registered`,
  )
}

export function instanceNotRegistered(name: string): AwsError {
  return new AwsError(
    'InstanceNotRegisteredException',
    `The on-premises instance ${name} is not registered`,
  )
}

export function instanceLimitExceeded(most: number): AwsError {
  return new AwsError(
    'InstanceLimitExceededException',
    `The maximum of ${most} on-premises instances in one call was exceeded`,
  )
}

export function iamArnRequired(): AwsError {
  return new AwsError(
    'IamArnRequiredException',
    'An IAM ARN is required: iamUserArn or iamSessionArn',
  )
}

export function multipleIamArns(): AwsError {
  return new AwsError(
    'MultipleIamArnsProvidedException',
    'Both an iamUserArn and an iamSessionArn were provided: use only one',
  )
}

export function invalidIamUserArn(arn: string): AwsError {
  return new AwsError('InvalidIamUserArnException', `Invalid IAM user ARN: ${arn}`)
}

export function invalidIamSessionArn(arn: string): AwsError {
  return new AwsError('InvalidIamSessionArnException', `Invalid IAM session ARN: ${arn}`)
}

export function iamArnAlreadyRegistered(kind: 'user' | 'session', arn: string): AwsError {
  return new AwsError(
    `Iam${kind === 'user' ? 'User' : 'Session'}ArnAlreadyRegisteredException`,
    `The IAM ${kind} ARN ${arn} is already registered with an on-premises instance`,
  )
}

export function invalidRegistrationStatus(status: string): AwsError {
  return new AwsError('InvalidRegistrationStatusException', `Not a registration status: ${status}`)
}

export function tagRequired(): AwsError {
  return new AwsError('TagRequiredException', 'A tag is required')
}

export function invalidTagOnPremises(message: string): AwsError {
  return new AwsError('InvalidTagException', message)
}

export function tagLimitExceeded(most: number): AwsError {
  return new AwsError('TagLimitExceededException', `An instance has ${most} tags at most`)
}

export function invalidTagFilter(message: string): AwsError {
  return new AwsError('InvalidTagFilterException', message)
}

export function invalidOnPremisesTagCombination(): AwsError {
  return new AwsError(
    'InvalidOnPremisesTagCombinationException',
    'onPremisesInstanceTagFilters and onPremisesTagSet cannot both be given',
  )
}

export function gitHubTokenNameRequired(): AwsError {
  return new AwsError('GitHubAccountTokenNameRequiredException', 'tokenName is required')
}

export function gitHubTokenDoesNotExist(name: string): AwsError {
  return new AwsError(
    'GitHubAccountTokenDoesNotExistException',
    `No GitHub account connection is named ${name}`,
  )
}

export function invalidHookExecutionId(): AwsError {
  return new AwsError(
    'InvalidLifecycleEventHookExecutionIdException',
    'lifecycleEventHookExecutionId is required',
  )
}

export function invalidHookExecutionStatus(status: string | undefined): AwsError {
  return new AwsError(
    'InvalidLifecycleEventHookExecutionStatusException',
    `The status is Succeeded or Failed, not ${status ?? 'missing'}`,
  )
}

export function invalidTimeRange(): AwsError {
  return new AwsError('InvalidTimeRangeException', 'The time range ends before it starts')
}

export function bucketNameFilterRequired(): AwsError {
  return new AwsError('BucketNameFilterRequiredException', 's3KeyPrefix needs an s3Bucket')
}
