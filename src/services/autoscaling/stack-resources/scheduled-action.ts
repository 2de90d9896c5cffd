import type { ScheduledUpdateGroupActionRequest } from '@aws-sdk/client-auto-scaling'
import type { Properties, ResourceType } from '../../../stacks/resource-type.ts'
import type { Scope } from '../../../kernel/scope.ts'
import { groupNotFound, validationError } from '../errors.ts'
import { checkScheduledAction } from '../schedule-specification.ts'
import type { AutoScalingDeps } from '../service-deps.ts'
import { groupNamed } from '../update-group.ts'

/** As given in a template: times are text. */
interface ActionProperties {
  readonly AutoScalingGroupName?: string
  readonly StartTime?: string
  readonly EndTime?: string
}

/** `AWS::AutoScaling::ScheduledAction`. Its name comes from the stack. */
export function scheduledActionType(deps: AutoScalingDeps): ResourceType {
  async function put(scope: Scope, properties: Properties, name: string) {
    const { AutoScalingGroupName, StartTime, EndTime, ...sizes } = properties as ActionProperties
    const { name: groupName } = await groupNamed(deps, scope, AutoScalingGroupName)
    const others = await deps.scale.scheduledActions(scope, groupName)
    const request: ScheduledUpdateGroupActionRequest = {
      ...sizes,
      ScheduledActionName: name,
      ...(StartTime === undefined ? {} : { StartTime: timeOf('StartTime', StartTime) }),
      ...(EndTime === undefined ? {} : { EndTime: timeOf('EndTime', EndTime) }),
    }
    const action = checkScheduledAction(deps, { scope, groupName, others }, request)
    if (!(await deps.scale.putScheduledAction(scope, action))) throw groupNotFound(groupName)
    return { physicalId: name, attributes: { ScheduledActionName: name } }
  }
  return {
    name: 'AWS::AutoScaling::ScheduledAction',
    properties: {
      AutoScalingGroupName: 'string',
      StartTime: 'string',
      EndTime: 'string',
      Recurrence: 'string',
      TimeZone: 'string',
      MinSize: 'number',
      MaxSize: 'number',
      DesiredCapacity: 'number',
    },
    required: ['AutoScalingGroupName'],
    attributes: ['ScheduledActionName'],
    replaceOn: ['AutoScalingGroupName'],
    async create(properties, context) {
      const name = context.physicalName(255)
      await context.started(name)
      return put(context.scope, properties, name)
    },
    update: ({ physicalId, after }, { scope }) => put(scope, after, physicalId),
    async remove({ physicalId, properties }, { scope }) {
      const { AutoScalingGroupName = '' } = properties as ActionProperties
      await deps.scale.removeScheduledAction(scope, AutoScalingGroupName, physicalId)
    },
  }
}

function timeOf(name: string, text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw validationError(`${name} ${text} is not a time`)
  return time
}
