import type { MetricFilter as FilterView } from '@aws-sdk/client-cloudwatch-logs'
import type { MetricTransformation } from '@aws-sdk/client-cloudwatch-logs'
import type {
  MetricFilter,
  MetricTransformation as Transformation,
} from '../../logs/metric-filter.ts'
import { unfit } from '../../logs/refusal.ts'

export const acceptedTransformation = {
  metricName: true,
  metricNamespace: true,
  metricValue: true,
  defaultValue: true,
  dimensions: true,
  unit: true,
} as const

export function filterView(filter: MetricFilter): FilterView {
  const { name, groupName, pattern, transformations, createdAt } = filter
  return {
    filterName: name,
    filterPattern: pattern,
    metricTransformations: transformations.map(({ unit, ...one }) => ({
      ...one,
      ...(unit === undefined ? {} : { unit: unit as NonNullable<MetricTransformation['unit']> }),
    })),
    creationTime: createdAt,
    logGroupName: groupName,
    applyOnTransformedLogs: false,
  }
}

const units = [
  ...['Seconds', 'Microseconds', 'Milliseconds', 'Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes'],
  ...['Terabytes', 'Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits', 'Percent', 'Count'],
  ...['Bytes/Second', 'Kilobytes/Second', 'Megabytes/Second', 'Gigabytes/Second'],
  ...['Terabytes/Second', 'Bits/Second', 'Kilobits/Second', 'Megabits/Second'],
  ...['Gigabits/Second', 'Terabits/Second', 'Count/Second', 'None'],
]

export function transformationOf(given: MetricTransformation): Transformation {
  const { metricName = '', metricNamespace = '', metricValue = '' } = given
  const { defaultValue, dimensions, unit } = given
  if (unit !== undefined && !units.includes(unit)) {
    throw unfit(
      'metricTransformations.1.member.unit',
      unit,
      `Member must satisfy enum value set: [${units.join(', ')}]`,
    )
  }
  return {
    metricName,
    metricNamespace,
    metricValue,
    ...(defaultValue === undefined ? {} : { defaultValue }),
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(unit === undefined ? {} : { unit }),
  }
}
