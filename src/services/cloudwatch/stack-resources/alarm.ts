import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch'
import type { Scope } from '../../../kernel/scope.ts'
import { tagsBeside, type Tag } from '../../../kernel/tags.ts'
import { alarmArn } from '../../../metrics/alarm-catalogue.ts'
import type { MetricAlarm } from '../../../metrics/alarm.ts'
import type { Properties, PropertyTree, ResourceType } from '../../../stacks/resource-type.ts'
import { metricAlarmShape } from '../alarm-shape.ts'
import { metricAlarmSettings } from '../alarm-settings.ts'
import { alarmExists } from '../errors.ts'
import { acceptedQuery } from '../metric-queries.ts'
import type { CloudWatchDeps } from '../service-deps.ts'
import { alarmNameOf, alarmTagsOf, isOfStack } from '../stack-alarm.ts'

const alarmProperties: PropertyTree = {
  ActionsEnabled: 'boolean',
  AlarmActions: true,
  AlarmDescription: 'string',
  AlarmName: 'string',
  ComparisonOperator: 'string',
  DatapointsToAlarm: 'number',
  Dimensions: { Name: 'string', Value: 'string' },
  EvaluateLowSampleCountPercentile: 'string',
  EvaluationPeriods: 'number',
  ExtendedStatistic: 'string',
  InsufficientDataActions: true,
  MetricName: 'string',
  Metrics: {
    ...acceptedQuery,
    Period: 'number',
    ReturnData: 'boolean',
    MetricStat: { ...acceptedQuery.MetricStat, Period: 'number' },
  },
  Namespace: 'string',
  OKActions: true,
  Period: 'number',
  Statistic: 'string',
  Tags: { Key: 'string', Value: 'string' },
  Threshold: 'number',
  TreatMissingData: 'string',
  Unit: 'string',
}

/** `AWS::CloudWatch::Alarm`: a metric alarm, there as soon as it is written. */
export function alarmType(deps: CloudWatchDeps): ResourceType {
  const { alarms, actions } = deps.metrics

  async function put(
    scope: Scope,
    name: string,
    properties: Properties,
    tags: readonly Tag[],
  ): Promise<void> {
    const input = { ...inputOf(properties), AlarmName: name }
    await alarms.put(scope, metricAlarmSettings(scope, input, actions), tags)
  }
  const stateOf = (scope: Scope, name: string) => ({
    physicalId: name,
    attributes: { Arn: alarmArn(scope, name) },
  })

  return {
    name: 'AWS::CloudWatch::Alarm',
    properties: alarmProperties,
    required: ['ComparisonOperator', 'EvaluationPeriods'],
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
    async read({ physicalId, properties }, context) {
      const found = await alarms.find(context.scope, physicalId)
      return found && 'measure' in found ? readAlarm(found, properties, context.tags) : undefined
    },
    async remove({ physicalId }, context) {
      await alarms.remove(context.scope, [physicalId])
    },
    inventory: {
      identifier: 'AlarmName',
      async list(scope) {
        const all = await alarms.list(scope)
        return all.flatMap((alarm) => ('measure' in alarm ? [alarm.name] : []))
      },
      async describe(physicalId, scope) {
        const found = await alarms.find(scope, physicalId)
        if (!found || !('measure' in found)) return undefined
        const { Tags: _tags, ...own } = alarmProperties
        const names = Object.keys(own)
        return {
          ...readAlarm(found, Object.fromEntries(names.map((name) => [name, true])), []),
          Metrics: metricAlarmShape(found).Metrics,
          Tags: found.tags,
          Arn: found.arn,
        }
      },
    },
  }
}

function readAlarm(
  alarm: MetricAlarm,
  properties: Properties,
  stackTags: readonly Tag[],
): Properties {
  const shape: Properties = { ...metricAlarmShape(alarm) }
  // Queries are kept in another form than they were given in.
  const told = Object.keys(properties).filter((name) => name !== 'Metrics')
  return {
    ...Object.fromEntries(told.map((name) => [name, shape[name]])),
    Tags: tagsBeside(alarm.tags, stackTags),
  }
}

/** Absent lists stay absent: a template has no way of saying "none" but leaving them out. */
function inputOf(properties: Properties): PutMetricAlarmInput {
  const { Tags: _tags, AlarmName: _name, ...rest } = properties
  return rest as unknown as PutMetricAlarmInput
}
