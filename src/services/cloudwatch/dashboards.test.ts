import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inflateSync } from 'node:zlib'
import type {
  GetDashboardOutput,
  GetMetricWidgetImageOutput,
  ListDashboardsOutput,
  PutDashboardOutput,
} from '@aws-sdk/client-cloudwatch'
import { silentLog } from '../../kernel/ports.ts'
import { createMetrics } from '../../metrics/create-metrics.ts'
import { call } from '../../testing/fake-request.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import { memoryPoints } from '../../testing/memory-points.ts'
import { memoryStore } from '../../testing/memory-store.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import { cloudwatchService } from './index.ts'

function face() {
  const clock = manualClock()
  const context = {
    ...{ store: memoryStore(clock), clock, random: seededRandom(5), log: silentLog },
    ...{ events: { publish() {} }, wake: { wake() {} } },
  }
  const actions = { refusal: () => undefined, run: async () => undefined }
  const metrics = createMetrics(context, { points: memoryPoints(clock), actions })
  const service = cloudwatchService({ metrics })
  const ask = <Output = Record<string, never>>(operation: string, input: object) =>
    call<Output>(service, operation, input)
  return {
    ...{ ask, clock },
    put: (DashboardName: string, body: unknown) =>
      ask<PutDashboardOutput>('PutDashboard', {
        DashboardName,
        DashboardBody: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async values(MetricName: string, values: readonly number[]): Promise<void> {
      const now = clock.now()
      const MetricData = values.map((Value, index) => ({
        ...{ MetricName, Value },
        Timestamp: new Date(now - (values.length - index) * 60_000),
      }))
      await ask('PutMetricData', { Namespace: 'Site', MetricData })
    },
    async picture(widget: object): Promise<Picture> {
      const MetricWidget = JSON.stringify(widget)
      const drawn = await ask<GetMetricWidgetImageOutput>('GetMetricWidgetImage', { MetricWidget })
      return decoded(Buffer.from(drawn.MetricWidgetImage ?? []))
    },
  }
}

interface Picture {
  readonly width: number
  readonly height: number
  /** How many pixels are nearly of a colour. */
  count(red: number, green: number, blue: number): number
}

function decoded(file: Buffer): Picture {
  assert.equal(file.subarray(1, 4).toString('latin1'), 'PNG')
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)]
  const length = file.readUInt32BE(33)
  const raw = inflateSync(file.subarray(41, 41 + length))
  assert.equal(raw.length, (width * 3 + 1) * height)
  return {
    ...{ width, height },
    count(...colour) {
      let count = 0
      for (let at = 0; at < raw.length; at++) {
        const column = at % (width * 3 + 1)
        if (column % 3 !== 1) continue
        if (colour.every((part, n) => Math.abs((raw[at + n] ?? 0) - part) < 8)) count++
      }
      return count
    },
  }
}

const text = { type: 'text', properties: { markdown: '# Site' } }

test('dashboards are kept, listed by prefix, and deleted all or none', async () => {
  const { ask, put } = face()
  assert.deepEqual(await put('site', { widgets: [text] }), { DashboardValidationMessages: [] })
  await put('site-2', { widgets: [] })
  await put('other', { widgets: [] })
  const got = await ask<GetDashboardOutput>('GetDashboard', { DashboardName: 'site' })
  assert.deepEqual(got, {
    DashboardArn: 'arn:aws:cloudwatch::000000000000:dashboard/site',
    DashboardBody: JSON.stringify({ widgets: [text] }),
    DashboardName: 'site',
  })
  const list = async (input: object): Promise<(string | undefined)[]> => {
    const { DashboardEntries = [] } = await ask<ListDashboardsOutput>('ListDashboards', input)
    return DashboardEntries.map(({ DashboardName }) => DashboardName)
  }
  assert.deepEqual(await list({}), ['other', 'site', 'site-2'])
  assert.deepEqual(await list({ DashboardNamePrefix: 'site' }), ['site', 'site-2'])
  await assert.rejects(ask('DeleteDashboards', { DashboardNames: ['site', 'none'] }), {
    code: 'DashboardNotFoundError',
  })
  assert.equal((await list({})).length, 3)
  await ask('DeleteDashboards', { DashboardNames: ['site', 'site-2'] })
  assert.deepEqual(await list({}), ['other'])
  await assert.rejects(ask('GetDashboard', { DashboardName: 'site' }), /site does not exist/)
})

test('a body that is no dashboard is refused with what is wrong and where; what has no effect is told', async () => {
  const { put } = face()
  await assert.rejects(put('d', '{'), /must be a valid JSON object/)
  await assert.rejects(put('bad name', { widgets: [] }), /DashboardName/)
  const of = (...widgets: object[]) => put('d', { widgets })
  const code = 'DashboardInvalidInputError'
  await assert.rejects(of({ type: 'metric' }), {
    code,
    fields: {
      dashboardValidationMessages: [
        { DataPath: '/widgets/0', Message: "Should have required property 'properties'" },
      ],
    },
  })
  await assert.rejects(of({ ...text, type: 'pie' }), /\/widgets\/0\/type/)
  await assert.rejects(of({ ...text, width: 25, x: 0, y: 0 }), /Should be <= 24/)
  await assert.rejects(of({ ...text, x: 1 }), /required property 'y'/)
  const metric = { region: 'us-east-1', metrics: [] }
  await assert.rejects(of({ type: 'metric', properties: metric }), /less than 1 items/)
  await assert.rejects(put('d', {}), /required property 'widgets'/)
  assert.deepEqual(await put('d', { widgets: [], colour: 'red' }), {
    DashboardValidationMessages: [
      { DataPath: '', Message: "Should NOT have additional property 'colour'" },
    ],
  })
})

const hour = { start: '-PT1H', period: 60, stat: 'Sum' }

test('a picture shows lines, areas, thresholds and math of what was measured', async () => {
  const { picture, values } = face()
  await values(
    'Up',
    Array.from({ length: 50 }, (_, n) => n),
  )
  await values(
    'Down',
    Array.from({ length: 50 }, (_, n) => 50 - n),
  )
  const rows = [
    ['Site', 'Up', { color: '#0000ff', id: 'up' }],
    ['.', 'Down', { color: '#00aa00', id: 'down' }],
  ]
  const line = await picture({ ...hour, metrics: rows })
  assert.deepEqual([line.width, line.height], [600, 400])
  assert.ok(line.count(0, 0, 255) > 500)
  assert.ok(line.count(0, 0xaa, 0) > 500)
  assert.equal(line.count(255, 0, 255), 0)

  const area = await picture({ ...hour, metrics: rows, stacked: true, width: 300, height: 200 })
  assert.deepEqual([area.width, area.height], [300, 200])
  // More than half of the plot is one of the two areas, let through to white.
  assert.ok(area.count(115, 115, 255) + area.count(115, 208, 115) > 10_000)

  const sum = [{ expression: 'up + down', id: 'sum', color: '#ff00ff', label: 'both' }]
  const hidden = rows.map(([...row]) => [
    ...row.slice(0, 2),
    { ...(row[2] as object), visible: false },
  ])
  const threshold = { value: 80, color: '#ff8800', label: 'too many', fill: 'above' }
  const math = await picture({
    ...{ ...hour, metrics: [...hidden, sum], annotations: { horizontal: [threshold] } },
    ...{ title: 'Both', yAxis: { left: { min: 0, max: 100, label: 'Count' } } },
  })
  assert.ok(math.count(255, 0, 255) > 300)
  assert.ok(math.count(0xff, 0x88, 0) > 300)
  assert.equal(math.count(0, 0, 255), 0)

  const empty = await picture({ ...hour, metrics: [['Site', 'None', { color: '#0000ff' }]] })
  assert.ok(empty.count(0, 0, 255) < 100, 'nothing but its legend')
  const value = await picture({ ...hour, metrics: rows, view: 'singleValue', theme: 'dark' })
  assert.ok(value.count(0x0f, 0x1b, 0x2a) > 100_000)
})

test('a widget that cannot be drawn as it says is refused, by path', async () => {
  const { picture } = face()
  const metrics = [['Site', 'Up']]
  const refused = async (widget: object, words: RegExp): Promise<void> => {
    await assert.rejects(picture({ metrics, ...widget }), (thrown: Error & { code?: string }) => {
      assert.equal(thrown.code, 'ValidationError')
      assert.match(thrown.message, words)
      return true
    })
  }
  await refused({ view: 'pie' }, /\/view should be one of/)
  await refused({ width: 2001 }, /\/width should be integer from 1 to 2000/)
  await refused({ start: 'yesterday' }, /\/start should be an ISO 8601/)
  await refused({ start: '-PT1H', end: '-PT2H' }, /\/start should be before/)
  await refused({ sparkline: true }, /\/sparkline is not supported here/)
  await refused({ stat: 'tm90' }, /tm90/)
  await refused({ metrics: [['Site', 'Up', 'Host']] }, /\/metrics\/0 should be/)
  await refused({ metrics: [['Site', 'Up', { region: 'eu-west-1' }]] }, /one region/)
  await refused({ metrics: [[{ expression: 'SEARCH("x")' }]] }, /SEARCH/)
  await refused({ annotations: { alarms: ['arn'] } }, /is no alarm here: arn/)
  await refused({ start: '-P30D', period: 1 }, /take longer ones/)
  await refused({ yAxis: { left: { min: 5, max: 5 } } }, /min below its max/)
})

test('an alarm is drawn with what it looks at, and its threshold', async () => {
  const { picture, values, ask } = face()
  await values('Up', [10, 20, 30, 40])
  await ask('PutMetricAlarm', {
    ...{ AlarmName: 'high', Namespace: 'Site', MetricName: 'Up', Statistic: 'Sum', Period: 60 },
    ...{ EvaluationPeriods: 1, Threshold: 25, ComparisonOperator: 'GreaterThanThreshold' },
  })
  const alarms = ['arn:aws:cloudwatch:us-east-1:000000000000:alarm:high']
  const drawn = await picture({ start: '-PT10M', annotations: { alarms } })
  assert.ok(drawn.count(0xd6, 0x27, 0x28) > 300, 'the threshold')
  assert.ok(drawn.count(0x1f, 0x77, 0xb4) > 100, 'the metric')
})

test('rows leave to the row before them what they share', async () => {
  const { picture, ask } = face()
  const Dimensions = (Value: string) => [{ Name: 'Host', Value }]
  const data = ['a', 'b', 'c'].map((host) => ({
    ...{ MetricName: 'Load', Value: 1, Dimensions: Dimensions(host) },
  }))
  await ask('PutMetricData', { Namespace: 'Site', MetricData: data })
  const metrics = [
    ['Site', 'Load', 'Host', 'a', { color: '#ff0000' }],
    ['...', 'b', { color: '#00ff00' }],
    ['.', '.', '.', 'c', { color: '#0000ff' }],
  ]
  const drawn = await picture({ metrics, period: 60, end: 'PT10M', legend: { position: 'hidden' } })
  // They lie on each other: the last one is seen.
  assert.ok(drawn.count(0, 0, 255) > 4)
})
