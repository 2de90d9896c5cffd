import type { Scope } from '../../kernel/scope.ts'
import type { AxisWish, ChartSpec } from '../../metrics/domain/picture/chart.ts'
import { invalidWidget } from './errors.ts'
import { horizontalMarks, verticalMarks } from './widget-annotations.ts'
import { Members } from './widget-members.ts'
import { widgetLines, type WidgetLine } from './widget-metrics.ts'
import { offsetMinutes, widgetMoment } from './widget-time.ts'

/** A metric widget: what is computed, and how it is drawn. */
export interface Widget {
  readonly view: 'timeSeries' | 'singleValue'
  readonly region: string
  /** A period that has not ended is left out. */
  readonly isClosedOnly: boolean
  readonly lines: readonly WidgetLine[]
  /** Of an alarm whose threshold is to be shown. */
  readonly alarmArn: string | undefined
  readonly spec: Omit<ChartSpec, 'series'>
}

const sideMax = 2000
const usualSize = { width: 600, height: 400 }
const usualPeriodSeconds = 300
/** So many datapoints of one line are more than a picture can show. */
const pointsMax = 20_000

const members = [
  ...[
    'annotations',
    'end',
    'height',
    'legend',
    'liveData',
    'metrics',
    'period',
    'region',
    'stacked',
  ],
  ...['start', 'stat', 'theme', 'timezone', 'title', 'view', 'width', 'yAxis'],
  ...['setPeriodToTimeRange', 'sparkline'],
]
/** What consoles write down also where it is off. */
const switchedOff = ['setPeriodToTimeRange', 'sparkline']

/**
 * Reads the JSON of a widget; what it has that is not honoured is refused by name.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Metric-Widget-Structure.html
 */
export function readWidget(
  text: string,
  at: { readonly scope: Scope; readonly now: number },
): Widget {
  const widget = new Members(parsed(text), '', members)
  for (const name of switchedOff) {
    if (widget.flag(name)) throw invalidWidget(`/${name}`, 'is not supported here')
  }
  const region = widget.text('region') ?? at.scope.region
  const periodSeconds = widget.whole('period', [1, 86_400 * 365]) ?? usualPeriodSeconds
  const statistic = widget.text('stat') ?? 'Average'
  const moment = (name: string, usual: string): number =>
    widgetMoment(widget.text(name) ?? usual, `/${name}`, at.now)
  const [from, until] = [moment('start', '-PT3H'), moment('end', 'PT0H')]
  if (from >= until) throw invalidWidget('/start', 'should be before /end')
  const lines = widgetLines(widget.list('metrics'), { region, periodSeconds, statistic })
  checkLength(lines, until - from)
  const legend = new Members(widget.raw('legend') ?? {}, '/legend', ['position'])
  const marks = new Members(widget.raw('annotations') ?? {}, '/annotations', [
    ...['alarms', 'horizontal', 'vertical'],
  ])
  const axes = new Members(widget.raw('yAxis') ?? {}, '/yAxis', ['left', 'right'])
  return {
    view: widget.oneOf('view', ['timeSeries', 'singleValue']) ?? 'timeSeries',
    region,
    isClosedOnly: widget.flag('liveData') === false,
    lines,
    alarmArn: alarmOf(marks),
    spec: {
      width: widget.whole('width', [1, sideMax]) ?? usualSize.width,
      height: widget.whole('height', [1, sideMax]) ?? usualSize.height,
      title: widget.text('title'),
      isDark: widget.oneOf('theme', ['light', 'dark']) === 'dark',
      ...{ from, until },
      offsetMinutes: offsetMinutes(widget.text('timezone') ?? '+0000', '/timezone'),
      isStacked: widget.flag('stacked') ?? false,
      legend: legend.oneOf('position', ['bottom', 'right', 'hidden']) ?? 'bottom',
      axes: { left: axisOf(axes, 'left'), right: axisOf(axes, 'right') },
      horizontal: horizontalMarks(marks.list('horizontal')),
      vertical: verticalMarks(marks.list('vertical'), at.now),
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidWidget('', 'is not valid JSON')
  }
}

/** A widget has one at most, as on AWS. */
function alarmOf(marks: Members): string | undefined {
  const [arn, ...more] = marks.list('alarms')
  if (more.length > 0)
    throw invalidWidget('/annotations/alarms', 'should NOT have more than 1 items')
  if (arn === undefined || typeof arn === 'string') return arn
  throw invalidWidget('/annotations/alarms/0', 'should be string')
}

function axisOf(axes: Members, side: 'left' | 'right'): AxisWish {
  const path = `/yAxis/${side}`
  const axis = new Members(axes.raw(side) ?? {}, path, ['label', 'max', 'min', 'showUnits'])
  if (axis.flag('showUnits')) throw invalidWidget(`${path}/showUnits`, 'is not supported here')
  const [min, max] = [axis.number('min'), axis.number('max')]
  if (min !== undefined && max !== undefined && min >= max) {
    throw invalidWidget(path, 'should have a min below its max')
  }
  return { min, max, label: axis.text('label') }
}

function checkLength(lines: readonly WidgetLine[], milliseconds: number): void {
  for (const [index, { query }] of lines.entries()) {
    const periodSeconds = query.MetricStat?.Period ?? query.Period ?? usualPeriodSeconds
    if (milliseconds / 1000 / periodSeconds > pointsMax) {
      throw invalidWidget(
        `/metrics/${index}`,
        `has more than ${pointsMax} periods; take longer ones`,
      )
    }
  }
}
