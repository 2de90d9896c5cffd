import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  AlarmHistoryItem,
  GetMetricDataOutput,
  GetMetricStatisticsOutput,
  ListMetricsOutput,
  MetricAlarm,
} from '@aws-sdk/client-cloudwatch'
import { silentLog } from '../../kernel/ports.ts'
import type { AlarmTransition } from '../../metrics/alarm.ts'
import { createMetrics } from '../../metrics/create-metrics.ts'
import { createLoop } from '../../reconcile/loop.ts'
import { call } from '../../testing/fake-request.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import { memoryPoints } from '../../testing/memory-points.ts'
import { memoryStore } from '../../testing/memory-store.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import { cloudwatchService } from './index.ts'

const action = 'arn:aws:autoscaling:us-east-1:000000000000:scalingPolicy:1:x'
const alarm = {
  AlarmName: 'deep',
  Namespace: 'Site',
  MetricName: 'Depth',
  Statistic: 'Average',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 5,
  ComparisonOperator: 'GreaterThanThreshold',
  AlarmActions: [action],
}

async function world() {
  const clock = manualClock()
  const store = memoryStore(clock)
  const loop = createLoop({ store, clock, log: silentLog, holder: 'test' })
  const random = seededRandom(5)
  const context = { store, clock, random, log: silentLog, events: { publish() {} }, wake: loop }
  const ran: AlarmTransition[] = []
  const metrics = createMetrics(context, {
    points: memoryPoints(clock),
    actions: {
      refusal: (_scope, arn) =>
        arn.includes(':sns:') ? 'actions of sns are not supported here' : undefined,
      run: async (_scope, _arn, transition) => void ran.push(transition),
    },
  })
  for (const reconciler of metrics.reconcilers) loop.add(reconciler)
  await loop.start()
  const service = cloudwatchService({ metrics })
  const put = (value: number, more: object = {}) =>
    call(service, 'PutMetricData', {
      Namespace: 'Site',
      MetricData: [{ MetricName: 'Depth', Value: value, ...more }],
    })
  return {
    clock,
    ran,
    put,
    ask: <Output = Record<string, never>>(operation: string, input: object) =>
      call<Output>(service, operation, input),
    async advance(milliseconds: number) {
      await clock.advance(milliseconds)
      await loop.idle()
    },
    async state() {
      await loop.idle()
      const { MetricAlarms } = await call<{ MetricAlarms: MetricAlarm[] }>(
        service,
        'DescribeAlarms',
        {},
      )
      return MetricAlarms.find((one) => one.AlarmName === 'deep')?.StateValue
    },
    async close() {
      await loop.stop()
      metrics.close()
    },
  }
}

test('an alarm on an average speaks as its period ends, runs its action again each minute, and rests', async () => {
  const { ask, put, advance, state, ran, close } = await world()
  await ask('PutMetricAlarm', alarm)
  await put(9)
  assert.equal(await state(), 'INSUFFICIENT_DATA')
  await advance(60_200)
  assert.equal(await state(), 'ALARM')
  assert.deepEqual([ran.length, ran[0]?.value, ran[0]?.threshold], [1, 9, 5])
  await put(8)
  await advance(60_200)
  assert.equal(ran.length, 2)
  await put(1)
  await advance(60_200)
  assert.equal(await state(), 'OK')
  await advance(60_200)
  assert.equal(ran.length, 2)
  const { AlarmHistoryItems } = await ask<{ AlarmHistoryItems: AlarmHistoryItem[] }>(
    'DescribeAlarmHistory',
    { AlarmName: 'deep', HistoryItemType: 'StateUpdate' },
  )
  assert.deepEqual(
    AlarmHistoryItems.map((item) => item.HistorySummary),
    ['Alarm updated from ALARM to OK', 'Alarm updated from INSUFFICIENT_DATA to ALARM'],
  )
  await close()
})

test('an alarm on a maximum speaks at once', async () => {
  const { ask, put, state, ran, close } = await world()
  await ask('PutMetricAlarm', { ...alarm, Statistic: 'Maximum' })
  await put(9)
  assert.equal(await state(), 'ALARM')
  assert.equal(ran.length, 1)
  await close()
})

test('a state set by hand acts, lasts a while, and gives way to what is measured', async () => {
  const { ask, put, advance, state, ran, close } = await world()
  await put(1)
  await ask('PutMetricAlarm', alarm)
  await advance(60_200)
  assert.equal(await state(), 'OK')
  await put(1)
  await ask('SetAlarmState', { AlarmName: 'deep', StateValue: 'ALARM', StateReason: 'a drill' })
  assert.equal(await state(), 'ALARM')
  assert.equal(ran[0]?.reason, 'a drill')
  await advance(30_000)
  assert.equal(await state(), 'ALARM')
  await advance(60_200)
  assert.equal(await state(), 'OK')
  await close()
})

test('a composite alarm follows its children, and metric math is looked at like a metric', async () => {
  const { ask, put, advance, state, ran, close } = await world()
  const { AlarmName, EvaluationPeriods, Threshold, ComparisonOperator } = alarm
  await ask('PutMetricAlarm', {
    ...{ AlarmName, EvaluationPeriods, Threshold, ComparisonOperator },
    Metrics: [
      { Id: 'e1', Expression: 'm1 * 10' },
      {
        Id: 'm1',
        ReturnData: false,
        MetricStat: { Metric: { Namespace: 'Site', MetricName: 'Depth' }, Period: 60, Stat: 'p50' },
      },
    ],
  })
  await ask('PutCompositeAlarm', {
    AlarmName: 'page',
    AlarmRule: 'ALARM("deep") AND NOT OK(deep)',
    AlarmActions: [action],
  })
  await put(1)
  await advance(60_200)
  assert.equal(await state(), 'ALARM')
  assert.deepEqual(
    ran.map((each) => each.alarmName),
    ['page'],
  )
  await assert.rejects(
    ask('PutCompositeAlarm', { AlarmName: 'deep2', AlarmRule: 'ALARM(nobody)' }),
    /do not exist/,
  )
  await assert.rejects(
    ask('PutCompositeAlarm', { AlarmName: 'page', AlarmRule: 'NOT ALARM(page)' }),
    /leads back to itself/,
  )
  await close()
})

test('values, counts and statistic sets are one series; pages of data fit together', async () => {
  const { ask, put, clock, close } = await world()
  const start = clock.now()
  await put(4)
  await ask('PutMetricData', {
    Namespace: 'Site',
    MetricData: [
      { MetricName: 'Depth', Values: [1, 2], Counts: [3, 1] },
      {
        MetricName: 'Depth',
        Timestamp: new Date(start - 60_000),
        StatisticValues: { SampleCount: 2, Sum: 10, Minimum: 1, Maximum: 9 },
      },
    ],
  })
  const range = { StartTime: new Date(start - 120_000), EndTime: new Date(start + 60_000) }
  const statistics = await ask<GetMetricStatisticsOutput>('GetMetricStatistics', {
    ...{ Namespace: 'Site', MetricName: 'Depth', Period: 60, ...range },
    Statistics: ['SampleCount', 'Sum', 'Average'],
    ExtendedStatistics: ['p100'],
  })
  assert.deepEqual(
    statistics.Datapoints?.map((each) => [
      each.SampleCount,
      each.Sum,
      each.Average,
      each.ExtendedStatistics,
    ]),
    [
      [2, 10, 5, undefined],
      [5, 9, 1.8, { p100: 4 }],
    ],
  )
  const query = {
    MetricDataQueries: [
      {
        Id: 'm1',
        MetricStat: { Metric: { Namespace: 'Site', MetricName: 'Depth' }, Period: 60, Stat: 'Sum' },
      },
      { Id: 'e1', Expression: 'm1 / 2', Label: 'half' },
    ],
    ScanBy: 'TimestampAscending',
    MaxDatapoints: 3,
    ...range,
  }
  const first = await ask<GetMetricDataOutput>('GetMetricData', query)
  const second = await ask<GetMetricDataOutput>('GetMetricData', {
    ...query,
    NextToken: first.NextToken,
  })
  assert.deepEqual(
    first.MetricDataResults?.map((each) => [each.Label, each.Values, each.StatusCode]),
    [
      ['Depth', [10, 9], 'Complete'],
      ['half', [5], 'PartialData'],
    ],
  )
  assert.deepEqual(second.MetricDataResults?.[1]?.Values, [4.5])
  assert.equal(second.NextToken, undefined)
  const listed = await ask<ListMetricsOutput>('ListMetrics', { Namespace: 'Site' })
  assert.deepEqual(listed.Metrics, [{ Namespace: 'Site', MetricName: 'Depth', Dimensions: [] }])
  await close()
})

const mistakes: readonly (readonly [string, object, string, RegExp])[] = [
  [
    'PutMetricData',
    { Namespace: 'AWS/EC2', MetricData: [{ MetricName: 'a', Value: 1 }] },
    'InvalidParameterValueException',
    /AWS\/EC2 for parameter Namespace/,
  ],
  [
    'PutMetricData',
    { Namespace: 'Site', MetricData: [{ MetricName: 'a', Value: Number.NaN }] },
    'InvalidParameterValueException',
    /MetricData.member.1.Value/,
  ],
  [
    'PutMetricData',
    { Namespace: 'Site', MetricData: [{ MetricName: 'a' }] },
    'MissingRequiredParameterException',
    /MetricData.member.1.Value/,
  ],
  [
    'PutMetricData',
    { Namespace: 'Site', MetricData: [{ MetricName: 'a', Value: 1, Values: [1] }] },
    'InvalidParameterCombinationException',
    /mutually exclusive/,
  ],
  [
    'PutMetricData',
    { Namespace: 'Site', MetricData: [{ MetricName: 'a', Value: 1, Timestamp: new Date(0) }] },
    'InvalidParameterValueException',
    /past two weeks/,
  ],
  [
    'PutMetricData',
    { Namespace: 'Site', EntityMetricData: [{}] },
    'InvalidParameterValueException',
    /EntityMetricData/,
  ],
  [
    'PutMetricAlarm',
    { ...alarm, AlarmActions: ['arn:aws:sns:us-east-1:000000000000:t'] },
    'ValidationException',
    /sns are not supported here/,
  ],
  [
    'PutMetricAlarm',
    { ...alarm, ComparisonOperator: 'GreaterThanUpperThreshold' },
    'InvalidParameterValueException',
    /anomaly/,
  ],
  ['PutMetricAlarm', { ...alarm, Period: 45 }, 'ValidationException', /multiple of 60/],
  [
    'PutMetricAlarm',
    { ...alarm, DatapointsToAlarm: 2 },
    'ValidationException',
    /DatapointsToAlarm/,
  ],
  [
    'PutMetricAlarm',
    { ...alarm, EvaluationPeriods: 1441 },
    'ValidationException',
    /more than a day/,
  ],
  [
    'PutMetricAlarm',
    { ...alarm, Statistic: undefined, ExtendedStatistic: 'tm90' },
    'InvalidParameterValueException',
    /tm90/,
  ],
  [
    'SetAlarmState',
    { AlarmName: 'x', StateValue: 'OK', StateReason: 'r' },
    'ResourceNotFound',
    /not found/,
  ],
  ['DescribeAlarms', { NextToken: 'mine' }, 'InvalidNextToken', /NextToken/],
  [
    'ListTagsForResource',
    { ResourceARN: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:x' },
    'ResourceNotFoundException',
    /does not exist/,
  ],
]

for (const [operation, input, code, words] of mistakes) {
  test(`${operation} answers ${code} in words that match ${words}`, async () => {
    const { ask, close } = await world()
    await assert.rejects(ask(operation, input), (thrown: Error & { code?: string }) => {
      assert.equal(thrown.code, code)
      assert.match(thrown.message, words)
      return true
    })
    await close()
  })
}
