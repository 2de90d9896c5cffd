import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CloudWatchClient,
  DashboardInvalidInputError,
  DeleteDashboardsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  GetMetricWidgetImageCommand,
  ListDashboardsCommand,
  ListMetricsCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch'
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
import { lacksAws, startPlatform, until, type Platform } from '../harness/platform.ts'

const noAws = await lacksAws()

describe('metrics and alarms through the front door', () => {
  let platform: Platform
  let metrics: CloudWatchClient
  let ec2: EC2Client

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    metrics = new CloudWatchClient({ endpoint, credentials, region: 'us-east-1' })
    ec2 = new EC2Client({ endpoint, credentials, region: 'us-east-1' })
  })

  after(async () => {
    metrics.destroy()
    ec2.destroy()
    await platform.stop()
  })

  async function stateOf(name: string): Promise<string | undefined> {
    const answer = await metrics.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))
    return answer.MetricAlarms?.[0]?.StateValue
  }

  it('gives back what was put, computed', async () => {
    const Dimensions = [{ Name: 'Host', Value: 'a' }]
    const Timestamp = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 120_000)
    await metrics.send(
      new PutMetricDataCommand({
        Namespace: 'Site',
        MetricData: [
          { MetricName: 'Latency', Dimensions, Timestamp, Values: [1, 2, 3], Counts: [1, 1, 2] },
          { MetricName: 'Errors', Dimensions, Timestamp, Value: 2, Unit: 'Count' },
        ],
      }),
    )
    const range = {
      StartTime: new Date(Timestamp.getTime() - 60_000),
      EndTime: new Date(Timestamp.getTime() + 60_000),
    }
    const { Datapoints } = await metrics.send(
      new GetMetricStatisticsCommand({
        ...{ Namespace: 'Site', MetricName: 'Latency', Dimensions, Period: 60, ...range },
        Statistics: ['SampleCount', 'Sum', 'Maximum'],
        ExtendedStatistics: ['p50'],
      }),
    )
    assert.deepEqual(Datapoints, [
      {
        Timestamp,
        SampleCount: 4,
        Sum: 9,
        Maximum: 3,
        ExtendedStatistics: { p50: 2.5 },
        Unit: 'None',
      },
    ])
    const stat = (MetricName: string, Stat: string) => ({
      MetricStat: { Metric: { Namespace: 'Site', MetricName, Dimensions }, Period: 60, Stat },
      ReturnData: false,
    })
    const { MetricDataResults } = await metrics.send(
      new GetMetricDataCommand({
        ...range,
        MetricDataQueries: [
          { Id: 'errors', ...stat('Errors', 'Sum') },
          { Id: 'all', ...stat('Latency', 'SampleCount') },
          { Id: 'rate', Expression: '100 * errors / all', Label: 'error rate' },
        ],
      }),
    )
    assert.deepEqual(
      MetricDataResults?.map(({ Label, Values, Timestamps }) => ({ Label, Values, Timestamps })),
      [{ Label: 'error rate', Values: [50], Timestamps: [Timestamp] }],
    )
    const { Metrics = [] } = await metrics.send(new ListMetricsCommand({ Namespace: 'Site' }))
    const names = new Set(Metrics.map((each) => each.MetricName))
    assert.deepEqual(names, new Set(['Latency', 'Errors']))
  })

  it('stops a machine by alarm within a second of the datapoint', async (context) => {
    const { Instances = [] } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-12345678',
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
      }),
    )
    const InstanceId = Instances[0]?.InstanceId ?? ''
    const instanceState = async () => {
      const answer = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }))
      return answer.Reservations?.[0]?.Instances?.[0]?.State?.Name
    }
    await until('the machine to run', async () => (await instanceState()) === 'running')
    const Dimensions = [{ Name: 'InstanceId', Value: InstanceId }]
    await metrics.send(
      new PutMetricAlarmCommand({
        AlarmName: 'too hot',
        ...{ Namespace: 'Site', MetricName: 'Heat', Dimensions, Statistic: 'Maximum', Period: 60 },
        EvaluationPeriods: 1,
        Threshold: 90,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        AlarmActions: ['arn:aws:automate:us-east-1:ec2:stop'],
      }),
    )
    const putAt = Date.now()
    await metrics.send(
      new PutMetricDataCommand({
        Namespace: 'Site',
        MetricData: [{ MetricName: 'Heat', Dimensions, Value: 95 }],
      }),
    )
    const item = await until('the action in the history', async () => {
      const answer = await metrics.send(
        new DescribeAlarmHistoryCommand({ AlarmName: 'too hot', HistoryItemType: 'Action' }),
      )
      return answer.AlarmHistoryItems?.[0]
    })
    assert.match(item.HistorySummary ?? '', /^Successfully executed action/)
    const latency = (item.Timestamp?.getTime() ?? Infinity) - putAt
    context.diagnostic(`datapoint to action: ${latency} ms`)
    assert.equal(await stateOf('too hot'), 'ALARM')
    await until('the machine to stop', async () => (await instanceState()) === 'stopped')
    await metrics.send(
      new PutMetricAlarmCommand({
        AlarmName: 'gone',
        ...{ Namespace: 'Site', MetricName: 'Gone', Dimensions, Statistic: 'Maximum', Period: 60 },
        ...{ EvaluationPeriods: 1, Threshold: 1 },
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        AlarmActions: ['arn:aws:automate:us-east-1:ec2:recover'],
      }),
    )
    await metrics.send(
      new SetAlarmStateCommand({ AlarmName: 'gone', StateValue: 'ALARM', StateReason: 'a drill' }),
    )
    await until('the same machine to run', async () => (await instanceState()) === 'running')
  })

  it('measures the processor time of a machine, and alarms on it', async () => {
    const { Instances = [] } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-12345678',
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        UserData: Buffer.from('#!/bin/sh\nwhile :; do :; done\n').toString('base64'),
      }),
    )
    const InstanceId = Instances[0]?.InstanceId ?? ''
    await metrics.send(
      new PutMetricAlarmCommand({
        AlarmName: 'busy',
        ...{ Namespace: 'AWS/EC2', MetricName: 'CPUUtilization', Statistic: 'Maximum' },
        Dimensions: [{ Name: 'InstanceId', Value: InstanceId }],
        ...{ Period: 10, EvaluationPeriods: 1, Threshold: 5 },
        ComparisonOperator: 'GreaterThanThreshold',
        AlarmActions: ['arn:aws:automate:us-east-1:ec2:terminate'],
      }),
    )
    await until('the busy machine to be terminated by its alarm', async () => {
      const answer = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }))
      return answer.Reservations?.[0]?.Instances?.[0]?.State?.Name === 'terminated'
    })
  })

  it('keeps points, alarms and what they still have to do through kill -9', async () => {
    await metrics.send(
      new PutMetricDataCommand({ Namespace: 'Kept', MetricData: [{ MetricName: 'N', Value: 7 }] }),
    )
    await metrics.send(
      new SetAlarmStateCommand({ AlarmName: 'too hot', StateValue: 'OK', StateReason: 'a drill' }),
    )
    process.kill(platform.pid(), 'SIGKILL')
    await platform.up()
    assert.equal(await stateOf('too hot'), 'OK')
    const { Datapoints = [] } = await metrics.send(
      new GetMetricStatisticsCommand({
        ...{ Namespace: 'Kept', MetricName: 'N', Period: 60, Statistics: ['Sum'] },
        StartTime: new Date(Date.now() - 600_000),
        EndTime: new Date(Date.now() + 60_000),
      }),
    )
    assert.equal(Datapoints[0]?.Sum, 7)
  })

  it('keeps dashboards, and draws what was measured', async () => {
    const DashboardName = 'site'
    const metric = ['Site', 'Visits']
    const properties = { region: 'us-east-1', metrics: [metric], period: 60 }
    const DashboardBody = JSON.stringify({ widgets: [{ type: 'metric', properties }] })
    await metrics.send(new PutDashboardCommand({ DashboardName, DashboardBody }))
    const got = await metrics.send(new GetDashboardCommand({ DashboardName }))
    assert.equal(got.DashboardBody, DashboardBody)
    const { DashboardEntries = [] } = await metrics.send(new ListDashboardsCommand({}))
    const [entry] = DashboardEntries
    assert.deepEqual([entry?.DashboardName, entry?.Size], [DashboardName, DashboardBody.length])
    const bad = new PutDashboardCommand({ DashboardName, DashboardBody: '{"widgets":[{}]}' })
    await assert.rejects(metrics.send(bad), (thrown) => {
      assert.ok(thrown instanceof DashboardInvalidInputError)
      assert.equal(thrown.dashboardValidationMessages?.[0]?.DataPath, '/widgets/0')
      return true
    })
    const minute = Math.floor(Date.now() / 60_000) * 60_000
    // So many that clients pack them.
    const MetricData = Array.from({ length: 400 }, (_, n) => ({
      ...{ MetricName: 'Visits', Value: 50 + 40 * Math.sin(n / 6) },
      Timestamp: new Date(minute - n * 60_000),
    }))
    await metrics.send(new PutMetricDataCommand({ Namespace: 'Site', MetricData }))
    const MetricWidget = JSON.stringify({ ...properties, start: '-PT1H', title: 'Visits' })
    const image = await metrics.send(new GetMetricWidgetImageCommand({ MetricWidget }))
    const file = Buffer.from(image.MetricWidgetImage ?? [])
    assert.equal(file.subarray(1, 4).toString('latin1'), 'PNG')
    assert.deepEqual([file.readUInt32BE(16), file.readUInt32BE(20)], [600, 400])
    await metrics.send(new DeleteDashboardsCommand({ DashboardNames: [DashboardName] }))
    const gone = metrics.send(new GetDashboardCommand({ DashboardName }))
    await assert.rejects(gone, { name: 'ResourceNotFound' })
  })

  it('works with the official CLI', { skip: noAws }, async () => {
    const { aws } = platform
    await aws(
      'cloudwatch',
      'put-metric-data',
      '--namespace',
      'Cli',
      '--metric-name',
      'Load',
      '--value',
      '3',
    )
    await aws(
      ...['cloudwatch', 'put-metric-alarm', '--alarm-name', 'cli', '--namespace', 'Cli'],
      ...['--metric-name', 'Load', '--statistic', 'Sum', '--period', '60', '--threshold', '1'],
      ...['--comparison-operator', 'GreaterThanThreshold', '--evaluation-periods', '1'],
    )
    await until('the alarm', async () => (await stateOf('cli')) === 'ALARM')
    const refused = aws(
      ...['cloudwatch', 'set-alarm-state', '--alarm-name', 'nobody', '--state-value', 'OK'],
      ...['--state-reason', 'none'],
    )
    await assert.rejects(refused, /ResourceNotFound/)
    const listed = await aws('cloudwatch', 'list-metrics', '--namespace', 'Cli')
    assert.deepEqual(listed['Metrics'], [{ Namespace: 'Cli', MetricName: 'Load', Dimensions: [] }])
    await aws('cloudwatch', 'delete-alarms', '--alarm-names', 'cli')
    assert.equal(await stateOf('cli'), undefined)
  })
})
