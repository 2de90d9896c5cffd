import type { TargetTrackingConfiguration } from '@aws-sdk/client-auto-scaling'
import type { PolicyTracking } from '../../scale/policy.ts'
import { validationError } from './errors.ts'

/** What a predefined metric reads, per minute. */
const predefinedMetrics: Readonly<Record<string, string>> = {
  ASGAverageCPUUtilization: 'CPUUtilization',
  ASGAverageNetworkIn: 'NetworkIn',
  ASGAverageNetworkOut: 'NetworkOut',
}

/** The metric that a target-tracking policy watches, as its alarms need it. Metric math is refused by name. */
export function checkTracking(
  groupName: string,
  given: TargetTrackingConfiguration,
): Omit<PolicyTracking, 'alarms'> {
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: custom } = given
  if ((predefined === undefined) === (custom === undefined)) {
    throw validationError(
      'Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified',
    )
  }
  const shown = { ...given, DisableScaleIn: given.DisableScaleIn ?? false }
  if (predefined) {
    if (predefined.PredefinedMetricType === 'ALBRequestCountPerTarget') {
      return {
        given: shown,
        metric: requestsPerTarget(predefined.ResourceLabel),
        periodSeconds: 60,
      }
    }
    const metricName = predefinedMetrics[predefined.PredefinedMetricType ?? '']
    if (!metricName) {
      throw validationError(
        `PredefinedMetricType ${predefined.PredefinedMetricType} is not supported here; ` +
          `${Object.keys(predefinedMetrics).join(', ')} and ALBRequestCountPerTarget are.`,
      )
    }
    const dimensions = [{ Name: 'AutoScalingGroupName', Value: groupName }]
    return {
      given: shown,
      metric: { namespace: 'AWS/EC2', metricName, dimensions, statistic: 'Average' },
      periodSeconds: 60,
    }
  }
  return { given: shown, ...customMetric(custom) }
}

/** `app/<balancer>/<id>/targetgroup/<group>/<id>`, as AWS wants it. */
function requestsPerTarget(label: string | undefined): PolicyTracking['metric'] {
  const [, balancer, group] =
    /^(app\/[^/]+\/[^/]+)\/(targetgroup\/[^/]+\/[^/]+)$/.exec(label ?? '') ?? []
  if (balancer === undefined || group === undefined) {
    throw validationError(
      'ResourceLabel must be app/<load-balancer-name>/<load-balancer-id>/targetgroup/<target-group-name>/<target-group-id> for ALBRequestCountPerTarget.',
    )
  }
  return {
    namespace: 'AWS/ApplicationELB',
    metricName: 'RequestCountPerTarget',
    dimensions: [
      { Name: 'TargetGroup', Value: group },
      { Name: 'LoadBalancer', Value: balancer },
    ],
    statistic: 'Sum',
  }
}

function customMetric(custom: TargetTrackingConfiguration['CustomizedMetricSpecification']) {
  const { MetricName, Namespace, Statistic, Unit, Period, Dimensions = [] } = custom ?? {}
  if (!MetricName || !Namespace || !Statistic) {
    throw validationError(
      'A CustomizedMetricSpecification needs MetricName, Namespace and Statistic; Metrics are not supported here',
    )
  }
  return {
    metric: {
      namespace: Namespace,
      metricName: MetricName,
      dimensions: Dimensions.map(({ Name = '', Value = '' }) => ({ Name, Value })),
      statistic: Statistic,
      ...(Unit === undefined ? {} : { unit: Unit }),
    },
    periodSeconds: Period ?? 60,
  }
}
