import { isoTime } from '../kernel/clock.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Alarm, AlarmTransition, MetricAlarm } from './alarm.ts'

/**
 * What an alarm tells a topic of a new state, in AWS's words. `alarm` is as it is now: absent when it was removed meanwhile.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function alarmMessage(
  scope: Scope,
  transition: AlarmTransition,
  alarm: Alarm | undefined,
): { readonly subject: string; readonly message: string } {
  const region = regionName(scope.region)
  const { alarmName, alarmArn, to, from, reason, at } = transition
  const subject = `${to}: "${alarmName}" in ${region}`
  const message = {
    AlarmName: alarmName,
    AlarmDescription: transition.alarmDescription ?? null,
    AWSAccountId: scope.account,
    ...(alarm && { AlarmConfigurationUpdatedTimestamp: timeText(alarm.configuredAt) }),
    NewStateValue: to,
    NewStateReason: reason,
    StateChangeTime: timeText(at),
    Region: region,
    AlarmArn: alarmArn,
    OldStateValue: from,
    OKActions: alarm?.okActions ?? [],
    AlarmActions: alarm?.alarmActions ?? [],
    InsufficientDataActions: alarm?.insufficientDataActions ?? [],
    ...(alarm?.type === 'CompositeAlarm' && { AlarmRule: alarm.rule }),
    ...(alarm?.type === 'MetricAlarm' && { Trigger: triggerOf(alarm) }),
  }
  return { subject: subject.slice(0, subjectCharactersMax), message: JSON.stringify(message) }
}

/** SNS's bound of a subject. */
const subjectCharactersMax = 100

function triggerOf(alarm: MetricAlarm): Readonly<Record<string, unknown>> {
  return {
    ...measureOf(alarm),
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm ?? alarm.evaluationPeriods,
    ComparisonOperator: alarm.comparison,
    Threshold: alarm.threshold,
    TreatMissingData: alarm.isMissingGiven ? alarm.missing : '',
    EvaluateLowSampleCountPercentile: alarm.ignoresLowSampleCount === true ? 'ignore' : '',
  }
}

function measureOf({ measure }: MetricAlarm): Readonly<Record<string, unknown>> {
  if (measure.kind === 'math') {
    return { Metrics: measure.queries }
  }
  const isExtended = measure.statistic.startsWith('p')
  return {
    MetricName: measure.name,
    Namespace: measure.namespace,
    StatisticType: isExtended ? 'ExtendedStatistic' : 'Statistic',
    ...(isExtended
      ? { ExtendedStatistic: measure.statistic }
      : { Statistic: statisticNames[measure.statistic] ?? measure.statistic }),
    Unit: measure.unit ?? null,
    Dimensions: measure.dimensions.map(({ Name, Value }) => ({ value: Value, name: Name })),
    Period: measure.periodSeconds,
  }
}

const statisticNames: Readonly<Record<string, string>> = {
  Average: 'AVERAGE',
  Maximum: 'MAXIMUM',
  Minimum: 'MINIMUM',
  SampleCount: 'SAMPLE_COUNT',
  Sum: 'SUM',
}

/** `2026-11-22T10:00:00.000+0000`. */
function timeText(milliseconds: number): string {
  return isoTime(milliseconds).replace('Z', '+0000')
}

const regionNames: Readonly<Record<string, string>> = {
  'ap-northeast-1': 'Asia Pacific (Tokyo)',
  'ap-south-1': 'Asia Pacific (Mumbai)',
  'ap-southeast-1': 'Asia Pacific (Singapore)',
  'ap-southeast-2': 'Asia Pacific (Sydney)',
  'ca-central-1': 'Canada (Central)',
  'eu-central-1': 'EU (Frankfurt)',
  'eu-north-1': 'EU (Stockholm)',
  'eu-west-1': 'EU (Ireland)',
  'eu-west-2': 'EU (London)',
  'eu-west-3': 'EU (Paris)',
  'sa-east-1': 'South America (Sao Paulo)',
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-1': 'US West (N. California)',
  'us-west-2': 'US West (Oregon)',
}

function regionName(region: string): string {
  return regionNames[region] ?? region
}
