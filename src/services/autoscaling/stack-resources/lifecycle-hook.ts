import type { LifecycleHookSpecification } from '@aws-sdk/client-auto-scaling'
import type { Scope } from '../../../kernel/scope.ts'
import type { Properties, ResourceType } from '../../../stacks/resource-type.ts'
import { groupNotFound } from '../errors.ts'
import { checkHook } from '../hook-specification.ts'
import { checkTarget } from '../notification-target.ts'
import type { AutoScalingDeps } from '../service-deps.ts'
import { groupNamed } from '../update-group.ts'

interface HookProperties extends Partial<LifecycleHookSpecification> {
  readonly AutoScalingGroupName?: string
}

/** `AWS::AutoScaling::LifecycleHook`. */
export function lifecycleHookType(deps: AutoScalingDeps): ResourceType {
  async function put(scope: Scope, properties: Properties, name: string) {
    const given = properties as HookProperties
    const group = await groupNamed(deps, scope, given.AutoScalingGroupName)
    const hook = checkHook({ ...given, LifecycleHookName: name }, undefined)
    await checkTarget(deps, scope, hook.target)
    if (!(await deps.scale.putHook(scope, group.name, hook))) throw groupNotFound(group.name)
    return { physicalId: name, attributes: {} }
  }
  return {
    name: 'AWS::AutoScaling::LifecycleHook',
    properties: {
      AutoScalingGroupName: 'string',
      LifecycleHookName: 'string',
      LifecycleTransition: 'string',
      HeartbeatTimeout: 'number',
      DefaultResult: 'string',
      NotificationMetadata: 'string',
      NotificationTargetARN: 'string',
      RoleARN: 'string',
    },
    required: ['AutoScalingGroupName', 'LifecycleTransition'],
    attributes: [],
    replaceOn: ['AutoScalingGroupName', 'LifecycleHookName'],
    async create(properties, context) {
      const given = properties as HookProperties
      const name = given.LifecycleHookName ?? context.physicalName(255)
      await context.started(name)
      return put(context.scope, properties, name)
    },
    update: ({ physicalId, after }, { scope }) => put(scope, after, physicalId),
    async remove({ physicalId, properties }, { scope }) {
      const { AutoScalingGroupName: name = '' } = properties as HookProperties
      if (await deps.scale.find(scope, name)) await deps.scale.removeHook(scope, name, physicalId)
    },
  }
}
