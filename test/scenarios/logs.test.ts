import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
  StartLiveTailCommand,
  type LiveTailSessionLogEvent,
} from '@aws-sdk/client-cloudwatch-logs'
import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
import { lacksAws, startPlatform, until, type Platform } from '../harness/platform.ts'

const noAws = await lacksAws()

describe('logs through the front door', () => {
  let platform: Platform
  let logs: CloudWatchLogsClient

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    // The client would put `stream-` before an address that has no such name.
    logs = new CloudWatchLogsClient({
      ...{ endpoint, credentials, region: 'us-east-1', disableHostPrefix: true },
    })
  })

  after(async () => {
    logs.destroy()
    await platform.stop()
  })

  async function begin(logGroupName: string, ...streams: readonly string[]): Promise<void> {
    await logs.send(new CreateLogGroupCommand({ logGroupName }))
    for (const logStreamName of streams) {
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }))
    }
  }
  function put(
    logGroupName: string,
    logStreamName: string,
    logEvents: readonly (readonly [timestamp: number, message: string])[],
  ) {
    const events = logEvents.map(([timestamp, message]) => ({ timestamp, message }))
    return logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: events }))
  }

  it('gives events back in order, and tokens that repeat at the end', async () => {
    const now = Date.now()
    await begin('web', 'a', 'b')
    await put(
      'web',
      'a',
      [1, 2, 3].map((n) => [now + n, `a${n}`] as const),
    )
    const { rejectedLogEventsInfo } = await put('web', 'b', [
      [now + 2, 'b2 {"odd": "ü\u0000"}'],
      [now + 3 * 3_600_000, 'too new'],
    ])
    assert.deepEqual(rejectedLogEventsInfo, { tooNewLogEventStartIndex: 1 })
    const page = (more: object) =>
      logs.send(
        new GetLogEventsCommand({ logGroupName: 'web', logStreamName: 'a', limit: 2, ...more }),
      )
    const first = await page({ startFromHead: true })
    const second = await page({ nextToken: first.nextForwardToken })
    const third = await page({ nextToken: second.nextForwardToken })
    const messages = [first, second, third].map(({ events = [] }) => events.map((e) => e.message))
    assert.deepEqual(messages, [['a1', 'a2'], ['a3'], []])
    assert.equal(third.nextForwardToken, second.nextForwardToken)
    const back = await page({ nextToken: second.nextBackwardToken })
    assert.deepEqual(
      back.events?.map((e) => e.message),
      ['a1', 'a2'],
    )
    const last = await page({})
    assert.deepEqual(
      last.events?.map((e) => e.message),
      ['a2', 'a3'],
    )

    const filter = { logGroupName: 'web', filterPattern: '-a3', limit: 2 }
    const some = await logs.send(new FilterLogEventsCommand(filter))
    const rest = await logs.send(
      new FilterLogEventsCommand({ ...filter, nextToken: some.nextToken }),
    )
    const found = [...(some.events ?? []), ...(rest.events ?? [])]
    assert.deepEqual(
      found.map(({ logStreamName, message }) => [logStreamName, message]),
      [
        ['a', 'a1'],
        ['a', 'a2'],
        ['b', 'b2 {"odd": "ü\u0000"}'],
      ],
    )
    assert.equal(new Set(found.map(({ eventId }) => eventId)).size, 3)
    assert.equal(rest.nextToken, undefined)
  })

  it('keeps what it acknowledged through the death of the server', async () => {
    await begin('durable', 's')
    const acknowledged: string[] = []
    let isDead = false
    const write = async (writer: number): Promise<void> => {
      for (let n = 0; !isDead; n++) {
        const message = `${writer}-${n}`
        try {
          await put('durable', 's', [[Date.now(), message]])
        } catch {
          return
        }
        acknowledged.push(message)
      }
    }
    const writers = [1, 2, 3, 4].map(write)
    await until('some events to be acknowledged', async () => acknowledged.length > 50)
    process.kill(platform.pid(), 'SIGKILL')
    isDead = true
    await platform.up()
    await Promise.all(writers)
    const kept = new Set<string | undefined>()
    for (let nextToken: string | undefined, isOver = false; !isOver;) {
      const page = await logs.send(
        new GetLogEventsCommand({
          ...{ logGroupName: 'durable', logStreamName: 's', startFromHead: true, nextToken },
        }),
      )
      for (const { message } of page.events ?? []) kept.add(message)
      isOver = page.nextForwardToken === nextToken
      nextToken = page.nextForwardToken
    }
    assert.deepEqual(
      acknowledged.filter((message) => !kept.has(message)),
      [],
    )
  })

  it('raises an alarm for a line of a log', async () => {
    const { endpoint, credentials } = platform
    const metrics = new CloudWatchClient({ endpoint, credentials, region: 'us-east-1' })
    await begin('app', 's')
    await logs.send(
      new PutMetricFilterCommand({
        ...{ logGroupName: 'app', filterName: 'slow' },
        filterPattern: '{ $.level = "ERROR" && $.ms > 100 }',
        metricTransformations: [
          {
            ...{ metricNamespace: 'Site', metricName: 'Slow', metricValue: '$.ms' },
            dimensions: { Path: '$.path' },
          },
        ],
      }),
    )
    await metrics.send(
      new PutMetricAlarmCommand({
        ...{ AlarmName: 'slow', Namespace: 'Site', MetricName: 'Slow', Statistic: 'Maximum' },
        ...{ Dimensions: [{ Name: 'Path', Value: '/buy' }], Period: 60, EvaluationPeriods: 1 },
        ...{ Threshold: 500, ComparisonOperator: 'GreaterThanThreshold' },
      }),
    )
    const line = (ms: number) => JSON.stringify({ level: 'ERROR', path: '/buy', ms })
    await put('app', 's', [
      [Date.now(), line(50)],
      [Date.now(), line(700)],
    ])
    await until('the alarm', async () => {
      const { MetricAlarms } = await metrics.send(new DescribeAlarmsCommand({}))
      return MetricAlarms?.[0]?.StateValue === 'ALARM'
    })
    metrics.destroy()
  })

  it('tells of events as they come', async () => {
    const { logGroups } = await logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: 'web' }),
    )
    const logGroupIdentifiers = [logGroups?.[0]?.logGroupArn ?? '']
    const { responseStream } = await logs.send(
      new StartLiveTailCommand({ logGroupIdentifiers, logEventFilterPattern: 'news' }),
    )
    const told: LiveTailSessionLogEvent[] = []
    for await (const event of responseStream ?? []) {
      if (event.sessionStart) {
        await put('web', 'b', [
          [Date.now(), 'news'],
          [Date.now(), 'noise'],
        ])
      }
      told.push(...(event.sessionUpdate?.sessionResults ?? []))
      if (told.length > 0) break
    }
    assert.deepEqual(
      told.map(({ logStreamName, message, logGroupIdentifier }) => [
        logStreamName,
        message,
        logGroupIdentifier,
      ]),
      [['b', 'news', logGroupIdentifiers[0]]],
    )
  })

  it('keeps what machines say', async () => {
    const { endpoint, credentials } = platform
    const ec2 = new EC2Client({ endpoint, credentials, region: 'us-east-1' })
    const UserData = Buffer.from('#!/bin/sh\necho up and "$(echo ready)"\n').toString('base64')
    const { Instances } = await ec2.send(
      new RunInstancesCommand({
        ...{ ImageId: 'ami-12345678', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 },
        UserData,
      }),
    )
    const logStreamName = Instances?.[0]?.InstanceId ?? ''
    const said = await until('its line', async () => {
      const { events } = await logs.send(
        new GetLogEventsCommand({ logGroupName: '/evenkeel/console', logStreamName }),
      )
      return events?.length ? events : undefined
    })
    assert.equal(said[0]?.message, 'up and ready')
    ec2.destroy()
  })

  it('answers the official command line', { skip: noAws }, async () => {
    const since = ['--since', '1h', '--format', 'short']
    const tail = (await platform.aws(
      'logs',
      'tail',
      'web',
      '--filter-pattern',
      'a2',
      ...since,
    )) as {
      text?: string
    }
    assert.match(tail.text ?? '', / a2\s*$/)
    await assert.rejects(
      platform.aws('logs', 'create-log-group', '--log-group-name', 'web'),
      /\(ResourceAlreadyExistsException\).*: The specified log group already exists/,
    )
  })

  it('refuses what AWS refuses, in its words', async () => {
    const now = Date.now()
    const refusals: readonly (readonly [() => Promise<unknown>, string, RegExp])[] = [
      [
        () => put('none', 's', [[now, 'x']]),
        'ResourceNotFoundException',
        /^The specified log group does not exist\.$/,
      ],
      [
        () => put('web', 'none', [[now, 'x']]),
        'ResourceNotFoundException',
        /^The specified log stream does not exist\.$/,
      ],
      [() => put('web', 'a', []), 'InvalidParameterException', /'logEvents' failed to satisfy/],
      [
        () => put('web', 'a', [[now, '']]),
        'InvalidParameterException',
        /'logEvents\.1\.member\.message'/,
      ],
      [
        () =>
          put('web', 'a', [
            [now, 'x'],
            [now - 1, 'y'],
          ]),
        'InvalidParameterException',
        /must be in chronological order\.$/,
      ],
      [
        () =>
          put('web', 'a', [
            [now - 25 * 3_600_000, 'x'],
            [now, 'y'],
          ]),
        'InvalidParameterException',
        /cannot span more than 24 hours\.$/,
      ],
      [
        () => put('web', 'a', [[now, 'x'.repeat(1_048_576)]]),
        'InvalidParameterException',
        /^Upload too large: 1048602 bytes exceeds limit of 1048576$/,
      ],
      [
        () => logs.send(new FilterLogEventsCommand({ logGroupName: 'web', filterPattern: 'a:b' })),
        'InvalidParameterException',
        /^Invalid character\(s\) in term ':'$/,
      ],
      [
        () => logs.send(new CreateLogGroupCommand({ logGroupName: 'no blanks' })),
        'InvalidParameterException',
        /'logGroupName' failed to satisfy constraint/,
      ],
      [
        () => logs.send(new CreateLogGroupCommand({ logGroupName: 'k', kmsKeyId: 'arn:x' })),
        'InvalidParameterException',
        /kmsKeyId/,
      ],
    ]
    for (const [attempt, name, message] of refusals) {
      await assert.rejects(attempt, { name, message })
    }
    await logs.send(new DeleteLogGroupCommand({ logGroupName: 'web' }))
    await begin('web')
    const streams = await logs.send(new DescribeLogStreamsCommand({ logGroupName: 'web' }))
    assert.deepEqual(streams.logStreams, [])
  })
})
