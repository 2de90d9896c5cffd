import { AwsError } from '../../kernel/errors.ts'

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message)
}

export function unsupportedMember(path: string, operation: string): AwsError {
  return validationError(`The parameter ${path} of ${operation} is not supported here.`)
}

export function groupNotFound(name: string): AwsError {
  return validationError(`AutoScalingGroup name not found - AutoScalingGroup ${name} not found`)
}

export function instanceNotFound(instanceId: string): AwsError {
  return validationError(
    `Instance Id not found - No managed instance found for instance ID: ${instanceId}`,
  )
}

export function alreadyExists(name: string): AwsError {
  return new AwsError(
    'AlreadyExistsFault',
    `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
  )
}

export function groupInUse(): AwsError {
  return new AwsError(
    'ResourceInUseFault',
    'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.',
  )
}

export function activityInProgress(message: string): AwsError {
  return new AwsError('ScalingActivityInProgressFault', message)
}

export function pendingDelete(name: string): AwsError {
  return activityInProgress(
    `AutoScalingGroup ${name} is pending delete: it is gone once its instances have terminated.`,
  )
}

export function invalidNextToken(): AwsError {
  return new AwsError('InvalidNextToken', 'The NextToken value is not valid.')
}

/** What CloudFormation says when a group does not reach its capacity. */
export function groupDidNotStabilize(message: string): AwsError {
  return validationError(message)
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceededFault', message)
}

export function hookNotFound(name: string): AwsError {
  return validationError(`Lifecycle Hook name not found - Lifecycle Hook ${name} not found`)
}

export function noLifecycleAction(held: {
  readonly token?: string | undefined
  readonly instanceId?: string | undefined
}): AwsError {
  return held.token === undefined
    ? validationError(`No active Lifecycle Action found with instance ID ${held.instanceId}`)
    : validationError(`No active Lifecycle Action found with token ${held.token}`)
}

export function warmPoolNotFound(groupName: string): AwsError {
  return validationError(`No warm pool found for AutoScalingGroup ${groupName}`)
}

export function poolOfMixedGroup(groupName: string): AwsError {
  return validationError(
    `You can't add a warm pool to AutoScalingGroup ${groupName}: it launches instances on spot, or of different weights.`,
  )
}

/** What CloudFormation says when the resource is there without it. */
export function alreadyHasWarmPool(groupName: string): AwsError {
  return new AwsError('AlreadyExistsFault', `AutoScalingGroup ${groupName} has a warm pool already`)
}

export function inWarmPool(instanceId: string): AwsError {
  return validationError(
    `Instance ${instanceId} is in a warm pool: this operation cannot be called on instances in a warm pool.`,
  )
}

export function policyNotFound(nameOrArn: string): AwsError {
  return validationError(`PolicyName not found - Scaling policy ${nameOrArn} not found`)
}

export function scheduledActionNotFound(name: string): AwsError {
  return validationError(`Scheduled action name not found - ${name}`)
}

export function otherActionAtThatTime(name: string): AwsError {
  return new AwsError(
    'AlreadyExistsFault',
    `The scheduled action ${name} of this group has the same start time already`,
  )
}

export function refreshInProgress(groupName: string): AwsError {
  return new AwsError(
    'InstanceRefreshInProgressFault',
    `An Instance Refresh is already in progress and blocks the execution of this Instance Refresh (AutoScalingGroup ${groupName}).`,
  )
}

export function noActiveRefresh(groupName: string): AwsError {
  return new AwsError(
    'ActiveInstanceRefreshNotFoundFault',
    `No in progress or pending Instance Refresh found for Auto Scaling group ${groupName}`,
  )
}

export function irreversibleRefresh(): AwsError {
  return new AwsError(
    'IrreversibleInstanceRefreshFault',
    'The instance refresh has no DesiredConfiguration, or the group had no numbered launch template version to go back to.',
  )
}

export function configurationNotFound(name: string): AwsError {
  return validationError(
    `Launch configuration name not found - Launch configuration ${name} not found`,
  )
}

export function configurationExists(name: string): AwsError {
  return new AwsError(
    'AlreadyExistsFault',
    `Launch Configuration by this name already exists - A launch configuration already exists with the name ${name}`,
  )
}

export function configurationInUse(name: string): AwsError {
  return new AwsError(
    'ResourceInUseFault',
    `Cannot delete launch configuration ${name} because it is attached to an AutoScalingGroup`,
  )
}
