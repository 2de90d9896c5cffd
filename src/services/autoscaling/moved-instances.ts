import type { Scope } from '../../kernel/scope.ts'
import type { MoveAnswer } from '../../scale/standby.ts'
import { validationError } from './errors.ts'
import { activityShape } from './group-shape.ts'
import type { AutoScalingDeps } from './service-deps.ts'
import { groupNamed } from './update-group.ts'

type Asking = 'place into standby' | 'move out of standby' | 'detach' | 'attach'

/** AWS's bound of one call. */
const instancesMax = 20

/** Instances that a request moves, and the group they belong to. */
export async function movedBy(
  deps: AutoScalingDeps,
  scope: Scope,
  input: {
    readonly AutoScalingGroupName: string | undefined
    readonly InstanceIds?: readonly string[] | undefined
  },
) {
  const group = await groupNamed(deps, scope, input.AutoScalingGroupName)
  const instanceIds = [...new Set(input.InstanceIds ?? [])]
  if (instanceIds.length === 0 || instanceIds.length > instancesMax) {
    throw validationError(`Between 1 and ${instancesMax} InstanceIds must be specified`)
  }
  return { groupName: group.name, instanceIds }
}

/** The activities of a move, or the error in AWS's words. */
export async function activitiesOfMove(
  deps: AutoScalingDeps,
  scope: Scope,
  moved: { groupName: string; instanceIds: readonly string[]; asking: Asking },
  answer: MoveAnswer,
) {
  if (answer.ok) return answer.activities.map(activityShape)
  const { groupName, instanceIds, asking } = moved
  const instanceId = answer.instanceId ?? ''
  const group = await groupNamed(deps, scope, groupName)
  switch (answer.reason) {
    case 'unknown-group':
      throw validationError(`AutoScalingGroup ${groupName} is pending delete`)
    case 'unknown':
      throw validationError(
        asking === 'attach'
          ? `Invalid Instance ID(s): [${instanceId}] specified`
          : `The instance ${instanceId} is not part of Auto Scaling group ${groupName}.`,
      )
    case 'wrong-state':
      throw validationError(wrongState(instanceId, asking, answer.state))
    case 'elsewhere':
      throw validationError(`Instance ${instanceId} is already part of an Auto Scaling group.`)
    case 'zone':
      throw validationError(
        `The availability zone of instance ${instanceId} is not one of AutoScalingGroup ${groupName}.`,
      )
    case 'weightless':
      throw validationError(
        `The type of instance ${instanceId} is not one of those that AutoScalingGroup ${groupName} gives a weight.`,
      )
    case 'size':
      throw validationError(
        `AutoScalingGroup ${groupName} has min-size=${group.minSize}, max-size=${group.maxSize}, and ` +
          `desired-size=${group.desiredCapacity}. To ${asking} ${instanceIds.length} ` +
          `${instanceIds.length === 1 ? 'instance' : 'instances'}, please update the AutoScalingGroup sizes appropriately.`,
      )
  }
}

function wrongState(instanceId: string, asking: Asking, state = ''): string {
  switch (asking) {
    case 'attach':
      return `Instance ${instanceId} [${state}] is not in correct state. Instance(s) must be in 'running' state.`
    case 'move out of standby':
      return `The instance ${instanceId} is not in Standby.`
    case 'detach':
      return `The instance ${instanceId} is not in InService or Standby.`
    case 'place into standby':
      return `The instance ${instanceId} is not in InService.`
  }
}
