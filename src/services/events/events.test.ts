import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AwsError } from '../../kernel/errors.ts'
import { createRules } from '../../rules/create-rules.ts'
import { call } from '../../testing/fake-request.ts'
import { topicsWorld, type TopicsWorld } from '../../testing/topics-world.ts'
import type { Delivered } from '../../topics/delivery-ports.ts'
import { eventsService } from './index.ts'

const queueArn = 'arn:aws:sqs:us-east-1:000000000000:jobs'
const deadArn = 'arn:aws:sqs:us-east-1:000000000000:dead'
const topicArn = 'arn:aws:sns:us-east-1:000000000000:news'

interface World {
  readonly clock: TopicsWorld['context']['clock']
  readonly told: (readonly [string, string])[]
  readonly answers: Map<string, Delivered>
  ask<Output = Record<string, string>>(operation: string, input: object): Promise<Output>
  reconcile(): Promise<void>
}

function world(): World {
  const { context } = topicsWorld()
  const told: (readonly [string, string])[] = []
  const answers = new Map<string, Delivered>()
  const take = async (arn: string, text: string): Promise<Delivered> => {
    const answer = answers.get(arn) ?? { kind: 'delivered' }
    if (answer.kind === 'delivered') told.push([arn, text])
    return answer
  }
  const rules = createRules(context, {
    queues: {
      find: async () => ({ isFifo: false }),
      send: (arn, { body }) => take(arn, body),
    },
    topics: { publish: take },
  })
  const service = eventsService({ rules })
  return {
    clock: context.clock,
    told,
    answers,
    ask: (operation, input) => call(service, operation, input),
    async reconcile() {
      const { signal } = new AbortController()
      // Schedules make events, which are delivered after them.
      for (const reconciler of rules.reconcilers.toReversed()) {
        for (const key of await reconciler.keys()) await reconciler.reconcile(key, signal)
      }
    },
  }
}

test('an event reaches the targets of the rules that want it', async () => {
  const { ask, told, reconcile } = world()
  const EventPattern = '{"source":["shop"],"detail":{"price":[{"numeric":[">",10]}]}}'
  await ask('PutRule', { Name: 'dear', EventPattern })
  const InputTransformer = {
    InputPathsMap: { price: '$.detail.price' },
    InputTemplate: '{"price": <price>}',
  }
  const Targets = [
    { Id: 'queue', Arn: queueArn, InputTransformer },
    { Id: 'topic', Arn: topicArn, InputPath: '$.source' },
  ]
  await ask('PutTargets', { Rule: 'dear', Targets })
  const entry = { Source: 'shop', DetailType: 'sale' }
  const answer = await ask<{ FailedEntryCount: number; Entries: Record<string, string>[] }>(
    'PutEvents',
    {
      Entries: [
        { ...entry, Detail: '{"price":11}' },
        { ...entry, Detail: '{"price":9}' },
        { ...entry, Detail: '[]' },
        { ...entry, Source: 'aws.ec2', Detail: '{}' },
        { ...entry, Detail: '{}', EventBusName: 'other' },
      ],
    },
  )
  assert.equal(answer.FailedEntryCount, 3)
  assert.deepEqual(
    answer.Entries.map(({ ErrorCode }) => ErrorCode),
    [
      ...[undefined, undefined, 'MalformedDetail', 'NotAuthorizedForSourceException'],
      'ResourceNotFoundException',
    ],
  )
  await reconcile()
  assert.deepEqual(told, [
    [queueArn, '{"price": 11}'],
    [topicArn, '"shop"'],
  ])
  await ask('DisableRule', { Name: 'dear' })
  await ask('PutEvents', { Entries: [{ ...entry, Detail: '{"price":11}' }] })
  await reconcile()
  assert.equal(told.length, 2)
})

test('a target that fails is tried again, and then the event is a dead letter', async () => {
  const { ask, told, answers, reconcile, clock } = world()
  await ask('PutRule', { Name: 'all', EventPattern: '{"source":["shop"]}' })
  const RetryPolicy = { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 60 }
  const target = { Id: 'q', Arn: queueArn, DeadLetterConfig: { Arn: deadArn }, RetryPolicy }
  await ask('PutTargets', { Rule: 'all', Targets: [target] })
  answers.set(queueArn, { kind: 'failed', reason: 'the store is down' })
  await ask('PutEvents', { Entries: [{ Source: 'shop', DetailType: 'x', Detail: '{}' }] })
  await reconcile()
  await clock.advance(1000)
  await reconcile()
  assert.equal(told.length, 0)
  await clock.advance(2000)
  await reconcile()
  assert.equal(told[0]?.[0], deadArn)
  await clock.advance(100_000)
  await reconcile()
  assert.equal(told.length, 1)
})

test('a schedule runs at each of its moments, and once for those that passed', async () => {
  const { ask, told, reconcile, clock } = world()
  await ask('PutRule', { Name: 'tick', ScheduleExpression: 'rate(1 minute)' })
  await ask('PutTargets', { Rule: 'tick', Targets: [{ Id: 'q', Arn: queueArn }] })
  await reconcile()
  assert.equal(told.length, 0)
  for (let minute = 0; minute < 3; minute++) {
    await clock.advance(60_000)
    await reconcile()
    await reconcile()
  }
  assert.equal(told.length, 3)
  const event = JSON.parse(told[0]?.[1] ?? '{}') as Record<string, unknown>
  assert.deepEqual(
    [event['source'], event['detail-type'], event['time'], event['resources']],
    [
      ...['aws.events', 'Scheduled Event', '2026-11-22T10:01:00Z'],
      ['arn:aws:events:us-east-1:000000000000:rule/tick'],
    ],
  )
  await clock.advance(600_000)
  await reconcile()
  await reconcile()
  assert.equal(told.length, 4)
})

test('what cannot be honoured is refused by name', async () => {
  const { ask } = world()
  await ask('PutRule', { Name: 'one', EventPattern: '{"source":["a"]}' })
  const [validation, unknown] = ['ValidationException', 'ResourceNotFoundException']
  const target = (more: object): object => ({
    Rule: 'one',
    Targets: [{ Id: 'a', Arn: queueArn, ...more }],
  })
  const wrong: readonly (readonly [string, object, string, RegExp])[] = [
    ['PutRule', { Name: 'a' }, validation, /EventPattern or ScheduleExpression/],
    ['PutRule', { Name: 'a', ScheduleExpression: 'often' }, validation, /ScheduleExpression is/],
    ['PutRule', { Name: 'a', EventPattern: '{"a":1}' }, 'InvalidEventPatternException', /Reason/],
    ['PutRule', { Name: 'a', EventPattern: '{}', EventBusName: 'b' }, unknown, /bus b/],
    ['DescribeRule', { Name: 'none' }, unknown, /Rule none does not exist on EventBus default/],
    ['PutTargets', { Rule: 'none', Targets: [{ Id: 'a', Arn: queueArn }] }, unknown, /none/],
    [
      'PutTargets',
      target({ Arn: 'arn:aws:lambda:us-east-1:000000000000:function:f' }),
      validation,
      /lambda/,
    ],
    ['PutTargets', target({ Arn: `${queueArn}.fifo` }), validation, /SqsParameters must be/],
    ['PutTargets', target({ Input: '{' }), validation, /JSON syntax error/],
    ['PutTargets', target({ Input: '{}', InputPath: '$' }), validation, /Only one of/],
    ['PutTargets', target({ InputTransformer: { InputTemplate: '<x>' } }), validation, /<x>/],
    ['PutTargets', target({ KinesisParameters: {} }), validation, /KinesisParameters/],
    ['PutEvents', { Entries: [] }, validation, /greater than or equal to 1/],
    ['TestEventPattern', { EventPattern: '{"a":["b"]}', Event: '{}' }, validation, /id is missing/],
    ['TagResource', { ResourceARN: 'x', Tags: [] }, unknown, /x/],
  ]
  for (const [operation, input, code, text] of wrong) {
    await assert.rejects(ask(operation, input), (thrown: unknown) => {
      assert.ok(thrown instanceof AwsError, String(thrown))
      assert.equal(thrown.code, code, thrown.message)
      assert.match(thrown.message, text)
      return true
    })
  }
  await ask('PutTargets', target({}))
  await assert.rejects(ask('DeleteRule', { Name: 'one' }), /since it has targets/)
  const gone = await ask<object>('RemoveTargets', { Rule: 'one', Ids: ['a', 'b'] })
  assert.match(JSON.stringify(gone), /"FailedEntryCount":1.*Id\(s\): b/)
  await ask('DeleteRule', { Name: 'one' })
})
