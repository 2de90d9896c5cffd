import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import type { Side } from '../../metrics/domain/picture/chart.ts'
import { invalidWidget } from './errors.ts'
import { Members } from './widget-members.ts'

/** A line of a widget: what it is computed from, and how it is drawn. */
export interface WidgetLine {
  readonly query: MetricDataQuery
  readonly colour: string | undefined
  readonly side: Side
}

export interface LineDefaults {
  readonly region: string
  readonly periodSeconds: number
  readonly statistic: string
}

const metricsMax = 100
const optionMembers = [
  ...['color', 'expression', 'id', 'label', 'period', 'region', 'stat', 'visible', 'yAxis'],
]

/** The rows of `metrics`, with what they leave to the row before them (`.` and `...`) written out. */
export function widgetLines(rows: readonly unknown[], defaults: LineDefaults): WidgetLine[] {
  if (rows.length > metricsMax) {
    throw invalidWidget('/metrics', `should NOT have more than ${metricsMax} items`)
  }
  let before: readonly string[] = []
  const read = rows.map((row, index) => {
    const path = `/metrics/${index}`
    if (!Array.isArray(row) || row.length === 0) throw invalidWidget(path, 'should be array')
    const items = row as readonly unknown[]
    const last = items.at(-1)
    const hasOptions = typeof last === 'object' && last !== null
    const options = new Members(
      hasOptions ? last : {},
      `${path}/${items.length - 1}`,
      optionMembers,
    )
    const names = expanded(hasOptions ? items.slice(0, -1) : items, before, path)
    if (names.length > 0) before = names
    return { names, options, path }
  })
  const taken = new Set(read.flatMap(({ options }) => options.text('id') ?? []))
  return read.map(({ names, options, path }, index) => {
    const id = options.text('id') ?? freeId(index, taken)
    return lineOf({ names, options, path, id }, defaults)
  })
}

function expanded(
  row: readonly unknown[],
  before: readonly string[],
  path: string,
): readonly string[] {
  const whole = row[0] === '...' ? before.slice(0, Math.max(0, before.length - row.length + 1)) : []
  const rest = row[0] === '...' ? row.slice(1) : row
  const names = rest.map((item, index): string => {
    const place = whole.length + index
    const text = item === '.' ? before[place] : item
    if (typeof text === 'string') return text
    if (typeof text === 'number') return String(text)
    throw invalidWidget(`${path}/${index}`, 'should be string')
  })
  return [...whole, ...names]
}

function freeId(index: number, taken: ReadonlySet<string>): string {
  for (let name = `line${index}`; ; name += 'x') if (!taken.has(name)) return name
}

function lineOf(
  row: {
    readonly names: readonly string[]
    readonly options: Members
    readonly path: string
    readonly id: string
  },
  defaults: LineDefaults,
): WidgetLine {
  const { names, options, path, id } = row
  const region = options.text('region') ?? defaults.region
  if (region !== defaults.region) {
    throw invalidWidget(
      `${options.path}/region`,
      'is not supported here: all metrics are of one region',
    )
  }
  const Label = options.text('label')
  const period = options.whole('period', [1, 86_400 * 365])
  const expression = options.text('expression')
  if ((expression === undefined) === (names.length === 0)) {
    throw invalidWidget(path, 'should have either a metric or an expression')
  }
  const query: MetricDataQuery = {
    Id: id,
    ReturnData: options.flag('visible') ?? true,
    ...(Label === undefined ? {} : { Label }),
  }
  const Period = period ?? defaults.periodSeconds
  return {
    query:
      expression === undefined
        ? {
            ...query,
            MetricStat: {
              ...metricOf(names, path),
              Period,
              Stat: options.text('stat') ?? defaults.statistic,
            },
          }
        : { ...query, Expression: expression, ...(period === undefined ? {} : { Period }) },
    colour: options.text('color'),
    side: options.oneOf('yAxis', ['left', 'right']) ?? 'left',
  }
}

function metricOf(names: readonly string[], path: string) {
  const [Namespace, MetricName, ...dimensions] = names
  if (MetricName === undefined || dimensions.length % 2 !== 0) {
    throw invalidWidget(path, 'should be a namespace, a metric, and pairs of dimensions')
  }
  const Dimensions = dimensions.flatMap((Name, index) =>
    index % 2 === 0 ? [{ Name, Value: dimensions[index + 1] }] : [],
  )
  return { Metric: { Namespace, MetricName, Dimensions } }
}
