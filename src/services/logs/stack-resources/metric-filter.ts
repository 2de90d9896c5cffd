import type { MetricTransformation } from '@aws-sdk/client-cloudwatch-logs'
import type { Scope } from '../../../kernel/scope.ts'
import type { MetricFilter, MetricTransformation as Held } from '../../../logs/metric-filter.ts'
import type { Properties, PropertyTree, ResourceType } from '../../../stacks/resource-type.ts'
import { filterExists } from '../errors.ts'
import { transformationOf } from '../metric-filter-view.ts'
import type { LogsServiceDeps } from '../service-deps.ts'
import { textOf } from '../stack-text.ts'

const honoured: PropertyTree = {
  FilterName: 'string',
  FilterPattern: 'string',
  LogGroupName: 'string',
  MetricTransformations: {
    MetricName: 'string',
    MetricNamespace: 'string',
    MetricValue: 'string',
    DefaultValue: 'number',
    Unit: 'string',
    Dimensions: { Key: 'string', Value: 'string' },
  },
}

interface TransformationProperties {
  readonly MetricName?: string
  readonly MetricNamespace?: string
  readonly MetricValue?: string | number
  readonly DefaultValue?: string | number
  readonly Unit?: string
  readonly Dimensions?: readonly { readonly Key: string; readonly Value: string }[]
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-metricfilter.html */
export function metricFilterType({ logs: { groups, filters } }: LogsServiceDeps): ResourceType {
  async function put(
    scope: Scope,
    properties: Properties,
    at: { readonly name: string; readonly token?: string },
  ): Promise<void> {
    const pattern = properties['FilterPattern']
    const wish = {
      ...at,
      pattern: typeof pattern === 'string' ? pattern : '',
      transformations: givenIn(properties).map((one) => transformationOf(inputOf(one))),
    }
    await filters.put(scope, textOf(properties, 'LogGroupName') ?? '', wish)
  }
  async function find(
    scope: Scope,
    properties: Properties,
    name: string,
  ): Promise<MetricFilter | undefined> {
    const group = await groups.find(scope, textOf(properties, 'LogGroupName') ?? '')
    return group && filters.find(scope, group, name)
  }

  return {
    name: 'AWS::Logs::MetricFilter',
    properties: honoured,
    required: ['FilterPattern', 'LogGroupName', 'MetricTransformations'],
    attributes: [],
    replaceOn: ['FilterName', 'LogGroupName'],
    async create(properties, context) {
      const { scope, token } = context
      const name = textOf(properties, 'FilterName') ?? context.physicalName(512)
      const held = await find(scope, properties, name)
      if (held && held.token !== token) throw filterExists(name)
      await context.started(name)
      await put(scope, properties, { name, token })
      return { physicalId: name, attributes: {} }
    },
    async update({ physicalId: name, after }, { scope }) {
      const token = (await find(scope, after, name))?.token
      await put(scope, after, { name, ...(token === undefined ? {} : { token }) })
      return { physicalId: name, attributes: {} }
    },
    async read({ physicalId: name, properties }, { scope }) {
      const held = await find(scope, properties, name)
      if (!held) return undefined
      return {
        ...(properties['FilterName'] === undefined ? {} : { FilterName: name }),
        FilterPattern: held.pattern,
        LogGroupName: held.groupName,
        MetricTransformations: held.transformations.map(shownOf),
      }
    },
    async remove({ physicalId: name, properties }, { scope }) {
      const held = await find(scope, properties, name)
      if (held) await filters.remove(scope, held.groupName, name)
    },
  }
}

function givenIn(properties: Properties): readonly TransformationProperties[] {
  return (properties['MetricTransformations'] ?? []) as readonly TransformationProperties[]
}

/** Numbers may come as text, and text as numbers, as templates write them. */
function inputOf(given: TransformationProperties): MetricTransformation {
  const { MetricName, MetricNamespace, MetricValue, DefaultValue, Unit, Dimensions } = given
  return {
    metricName: MetricName,
    metricNamespace: MetricNamespace,
    metricValue: MetricValue === undefined ? undefined : String(MetricValue),
    ...(DefaultValue === undefined ? {} : { defaultValue: Number(DefaultValue) }),
    ...(Unit === undefined ? {} : { unit: Unit as NonNullable<MetricTransformation['unit']> }),
    ...(Dimensions === undefined
      ? {}
      : { dimensions: Object.fromEntries(Dimensions.map(({ Key, Value }) => [Key, Value])) }),
  }
}

function shownOf(held: Held): TransformationProperties {
  const { metricName, metricNamespace, metricValue, defaultValue, unit, dimensions } = held
  return {
    ...{ MetricName: metricName, MetricNamespace: metricNamespace, MetricValue: metricValue },
    ...(defaultValue === undefined ? {} : { DefaultValue: defaultValue }),
    ...(unit === undefined ? {} : { Unit: unit }),
    ...(dimensions === undefined
      ? {}
      : { Dimensions: Object.entries(dimensions).map(([Key, Value]) => ({ Key, Value })) }),
  }
}
