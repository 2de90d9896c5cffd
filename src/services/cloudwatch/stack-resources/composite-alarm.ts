import type { PutCompositeAlarmInput } from '@aws-sdk/client-cloudwatch'
import type { Scope } from '../../../kernel/scope.ts'
import type { Tag } from '../../../kernel/tags.ts'
import { alarmArn } from '../../../metrics/alarm-catalogue.ts'
import type { Properties, ResourceType } from '../../../stacks/resource-type.ts'
import { compositeAlarmSettings } from '../alarm-settings.ts'
import { compositeAlarmShape } from '../alarm-shape.ts'
import { checkChildren } from '../composite-children.ts'
import { alarmExists } from '../errors.ts'
import type { CloudWatchDeps } from '../service-deps.ts'
import { alarmNameOf, alarmTagsOf, isOfStack } from '../stack-alarm.ts'

/** `AWS::CloudWatch::CompositeAlarm`: the alarms that its rule names are there before it. Its `Ref` is its name. */
export function compositeAlarmType(deps: CloudWatchDeps): ResourceType {
  const { alarms, actions } = deps.metrics

  async function put(
    scope: Scope,
    name: string,
    properties: Properties,
    tags: readonly Tag[],
  ): Promise<void> {
    const settings = compositeAlarmSettings(scope, inputOf(properties, name), actions)
    checkChildren(settings, await alarms.list(scope))
    await alarms.put(scope, settings, tags)
  }
  const stateOf = (scope: Scope, name: string) => ({
    physicalId: name,
    attributes: { Arn: alarmArn(scope, name) },
  })

  return {
    name: 'AWS::CloudWatch::CompositeAlarm',
    properties: {
      ActionsEnabled: 'boolean',
      AlarmActions: true,
      AlarmDescription: 'string',
      AlarmName: 'string',
      AlarmRule: 'string',
      InsufficientDataActions: true,
      OKActions: true,
      Tags: { Key: 'string', Value: 'string' },
    },
    required: ['AlarmRule'],
    attributes: ['Arn'],
    replaceOn: ['AlarmName'],
    async create(properties, context) {
      const { scope } = context
      const name = alarmNameOf(properties, context)
      const held = await alarms.find(scope, name)
      if (held && !isOfStack(held.tags, context)) throw alarmExists(name)
      await put(scope, name, properties, alarmTagsOf(properties, context))
      await context.started(name)
      return stateOf(scope, name)
    },
    async update({ physicalId, after }, context) {
      const tags = alarmTagsOf(after, context)
      await put(context.scope, physicalId, after, tags)
      await alarms.setTags(context.scope, physicalId, () => tags)
      return stateOf(context.scope, physicalId)
    },
    async remove({ physicalId }, context) {
      await alarms.remove(context.scope, [physicalId])
    },
    inventory: {
      identifier: 'AlarmName',
      async list(scope) {
        const all = await alarms.list(scope)
        return all.flatMap((alarm) => (alarm.type === 'CompositeAlarm' ? [alarm.name] : []))
      },
      async describe(physicalId, scope) {
        const found = await alarms.find(scope, physicalId)
        if (found?.type !== 'CompositeAlarm') return undefined
        return { ...compositeAlarmShape(found), Tags: found.tags, Arn: found.arn }
      },
    },
  }
}

function inputOf(properties: Properties, AlarmName: string): PutCompositeAlarmInput {
  const { Tags: _tags, ...rest } = properties
  return { ...rest, AlarmName } as unknown as PutCompositeAlarmInput
}
