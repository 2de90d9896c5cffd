import type { Scope } from '../../kernel/scope.ts'
import type { MetricAlarm } from '../../metrics/alarm.ts'
import type { HorizontalMark } from '../../metrics/domain/picture/chart.ts'
import type { Metrics } from '../../metrics/metrics.ts'
import { metricAlarmShape } from './alarm-shape.ts'
import { invalidWidget } from './errors.ts'
import type { Widget } from './metric-widget.ts'
import type { WidgetLine } from './widget-metrics.ts'

const path = '/annotations/alarms'

/** The widget with the threshold of the alarm that it names, and without metrics of its own with what that alarm looks at. */
export async function withAlarm(metrics: Metrics, scope: Scope, widget: Widget): Promise<Widget> {
  const { alarmArn, lines, spec } = widget
  if (alarmArn === undefined) return widget
  const name = /^arn:[^:]+:cloudwatch:[^:]+:\d{12}:alarm:(.+)$/s.exec(alarmArn)?.[1]
  const at = { ...scope, region: widget.region }
  const alarm = name === undefined ? undefined : await metrics.alarms.find(at, name)
  if (alarm?.arn !== alarmArn) throw invalidWidget(`${path}/0`, `is no alarm here: ${alarmArn}`)
  if (alarm.type !== 'MetricAlarm') throw invalidWidget(`${path}/0`, 'should be a metric alarm')
  const horizontal = [...spec.horizontal, thresholdOf(alarm)]
  return {
    ...widget,
    lines: lines.length > 0 ? lines : linesOf(alarm),
    spec: { ...spec, horizontal, title: spec.title ?? alarm.name },
  }
}

const signs: Readonly<Record<string, string>> = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '>=',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '<=',
}

function thresholdOf(alarm: MetricAlarm): HorizontalMark {
  const { comparison, threshold, evaluationPeriods, datapointsToAlarm, measure } = alarm
  const what = measure.kind === 'math' ? '' : `${measure.name} `
  const count = datapointsToAlarm ?? evaluationPeriods
  return {
    value: threshold,
    label: `${what}${signs[comparison] ?? ''} ${threshold} for ${count} of ${evaluationPeriods} periods`,
    colour: '#d62728',
    side: 'left',
    fill: comparison.startsWith('Greater') ? 'above' : 'below',
  }
}

function linesOf(alarm: MetricAlarm): readonly WidgetLine[] {
  const shape = metricAlarmShape(alarm)
  const { Namespace, MetricName, Dimensions, Period } = shape
  const Stat = shape.Statistic ?? shape.ExtendedStatistic
  const MetricStat = { Metric: { Namespace, MetricName, Dimensions }, Period, Stat }
  const queries = shape.Metrics ?? [{ Id: 'alarm', ReturnData: true, MetricStat }]
  return queries.map((query) => ({ query, colour: undefined, side: 'left' }))
}
