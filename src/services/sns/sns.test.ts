import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AwsError } from '../../kernel/errors.ts'
import { call } from '../../testing/fake-request.ts'
import { topicsWorld, type TopicsWorld } from '../../testing/topics-world.ts'
import { retryDelay, usualRetries } from '../../topics/domain/delivery-policy.ts'
import { snsService } from './index.ts'

interface World extends TopicsWorld {
  ask<Output = Record<string, string>>(operation: string, input: object): Promise<Output>
  topic(name: string, attributes?: Record<string, string>): Promise<string>
}

function world(): World {
  const made = topicsWorld()
  const service = snsService({ topics: made.topics })
  const ask = <Output>(operation: string, input: object): Promise<Output> =>
    call<Output>(service, operation, input)
  return {
    ...made,
    ask,
    async topic(Name, Attributes = {}) {
      const input = { Name, Attributes }
      return (await ask<{ TopicArn: string }>('CreateTopic', input)).TopicArn
    },
  }
}

function coded(code: string, text: RegExp): (thrown: unknown) => boolean {
  return (thrown) => {
    assert.ok(thrown instanceof AwsError, String(thrown))
    assert.equal(thrown.code, code)
    assert.match(thrown.message, text)
    return true
  }
}

const queueArn = 'arn:aws:sqs:us-east-1:000000000000:jobs'
const deadArn = 'arn:aws:sqs:us-east-1:000000000000:dead'

test('a message reaches each subscriber once, and a failed one until its retries end in a dead letter', async () => {
  const { ask, topic, reconcile, arrived, answers, context, sent } = world()
  const TopicArn = await topic('news')
  const RawMessageDelivery = 'true'
  const queue = {
    TopicArn,
    Protocol: 'sqs',
    Endpoint: queueArn,
    Attributes: { RawMessageDelivery },
  }
  await ask('Subscribe', queue)
  const url = 'http://hook.example/'
  const web = await ask('Subscribe', {
    ...{ TopicArn, Protocol: 'http', Endpoint: url, ReturnSubscriptionArn: true },
    Attributes: { RedrivePolicy: `{"deadLetterTargetArn":"${deadArn}"}`, RawMessageDelivery },
  })
  assert.match(web['SubscriptionArn'] ?? '', /news:[0-9a-f-]{36}$/)
  await reconcile()
  const { Token } = JSON.parse(arrived[0]?.[1] ?? '{}') as Record<string, string>
  await ask('ConfirmSubscription', { TopicArn, Token })
  answers.set(url, { kind: 'failed', reason: 'the hook is down' })
  await ask('Publish', { TopicArn, Message: 'one' })
  await reconcile()
  await reconcile()
  assert.deepEqual(arrived.slice(1), [[queueArn, 'one']])
  for (let retry = 0; retry < 3; retry++) {
    await context.clock.advance(20_000)
    await reconcile()
  }
  assert.deepEqual(arrived.slice(2), [[deadArn, 'one']])
  assert.equal(sent.at(-1)?.attributes['ErrorMessage']?.text, 'the hook is down')
  await context.clock.advance(60_000)
  await reconcile()
  assert.equal(arrived.length, 3)
})

test('a FIFO lane waits for the message that has not arrived, and tells nothing twice', async () => {
  const { ask, topic, reconcile, arrived, answers, context } = world()
  const FifoTopic = 'true'
  const TopicArn = await topic('in.fifo', { FifoTopic, ContentBasedDeduplication: 'true' })
  const Endpoint = `${queueArn}.fifo`
  const Attributes = { RawMessageDelivery: 'true' }
  await ask('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint, Attributes })
  const publish = (Message: string, MessageGroupId: string): Promise<Record<string, string>> =>
    ask('Publish', { TopicArn, Message, MessageGroupId })
  answers.set(Endpoint, { kind: 'failed', reason: 'the store is down' })
  const first = await publish('a1', 'a')
  await publish('a2', 'a')
  await reconcile()
  answers.clear()
  assert.deepEqual(await publish('a1', 'a'), first)
  await context.clock.advance(1000)
  await reconcile()
  assert.deepEqual(
    arrived.map(([, body]) => body),
    ['a1', 'a2'],
  )
  await context.clock.advance(5 * 60_000)
  assert.notDeepEqual(await publish('a1', 'a'), first)
})

test('who did not confirm hears nothing, and is forgotten after two days', async () => {
  const { ask, topic, reconcile, arrived, context } = world()
  const TopicArn = await topic('news')
  const web = { TopicArn, Protocol: 'https', Endpoint: 'https://hook.example/' }
  assert.deepEqual(await ask('Subscribe', web), { SubscriptionArn: 'pending confirmation' })
  await ask('Publish', { TopicArn, Message: 'x' })
  await reconcile()
  assert.equal(arrived.length, 1)
  await assert.rejects(
    ask('ConfirmSubscription', { TopicArn, Token: 'abc' }),
    coded('InvalidParameterException', /Token/),
  )
  const listed = (): Promise<{ Subscriptions: unknown[] }> => ask('ListSubscriptions', {})
  assert.equal((await listed()).Subscriptions.length, 1)
  await context.clock.advance(48 * 3_600_000)
  await reconcile()
  assert.equal((await listed()).Subscriptions.length, 0)
})

test('what cannot be honoured is refused by name', async () => {
  const { ask, topic } = world()
  const TopicArn = await topic('news')
  const sqs = { TopicArn, Protocol: 'sqs', Endpoint: queueArn }
  const invalid = 'InvalidParameterException'
  const wrong: readonly (readonly [string, object, string, RegExp])[] = [
    ['CreateTopic', { Name: 'a b' }, invalid, /Topic Name/],
    ['CreateTopic', { Name: 'a.fifo' }, invalid, /Topic Name/],
    ['CreateTopic', { Name: 'k', Attributes: { KmsMasterKeyId: 'x' } }, invalid, /KmsMasterKeyId/],
    ['CreateTopic', { Name: 'news', Tags: [{ Key: 'a', Value: 'b' }] }, invalid, /different tags/],
    ['GetTopicAttributes', { TopicArn: 'x' }, invalid, /at least 6 elements, not 1/],
    ['GetTopicAttributes', { TopicArn: `${TopicArn}2` }, 'NotFoundException', /does not exist/],
    ['Subscribe', { ...sqs, Protocol: 'email', Endpoint: 'a@b.c' }, invalid, /mail relay/],
    ['Subscribe', { ...sqs, Protocol: 'sms', Endpoint: '1' }, invalid, /sms is not supported/],
    ['Subscribe', { ...sqs, Endpoint: `${queueArn}.fifo` }, invalid, /FIFO SQS Queues/],
    ['Subscribe', { ...sqs, Attributes: { FilterPolicy: '{' } }, invalid, /FilterPolicy: failed/],
    ['Subscribe', { ...sqs, Attributes: { ReplayPolicy: '{}' } }, invalid, /ReplayPolicy/],
    ['Publish', { TopicArn, Message: '' }, invalid, /Empty message/],
    ['Publish', { TopicArn, Message: 'x'.repeat(262_145) }, invalid, /Message too long/],
    ['Publish', { TopicArn, Message: 'x', Subject: 'a\nb' }, invalid, /Subject/],
    ['Publish', { TopicArn, Message: 'x', MessageStructure: 'json' }, invalid, /failed to parse/],
    ['Publish', { TopicArn, Message: '{}', MessageStructure: 'json' }, invalid, /No default/],
    ['Publish', { Message: 'x', PhoneNumber: '+1' }, invalid, /PhoneNumber/],
    ['PublishBatch', { TopicArn }, 'EmptyBatchRequestException', /any entries/],
    ['ListTagsForResource', { ResourceArn: 'x' }, 'ResourceNotFoundException', /exist/],
  ]
  for (const [operation, input, code, text] of wrong) {
    await assert.rejects(ask(operation, input), coded(code, text), operation)
  }
})

test('settings are read back as they were set, and taken back', async () => {
  const { ask, topic } = world()
  const TopicArn = await topic('news', { DisplayName: 'News' })
  assert.equal(await topic('news'), TopicArn)
  const sqs = { TopicArn, Protocol: 'sqs', Endpoint: queueArn }
  const { SubscriptionArn } = await ask('Subscribe', sqs)
  assert.deepEqual(await ask('Subscribe', sqs), { SubscriptionArn })
  const FilterPolicy = '{"a":[1]}'
  const set = { SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue: FilterPolicy }
  await ask('SetSubscriptionAttributes', set)
  type View = { Attributes: Record<string, string> }
  const shown = await ask<View>('GetSubscriptionAttributes', { SubscriptionArn })
  assert.equal(shown.Attributes['FilterPolicy'], FilterPolicy)
  await ask('SetSubscriptionAttributes', { ...set, AttributeValue: '{}' })
  const bare = await ask<View>('GetSubscriptionAttributes', { SubscriptionArn })
  assert.equal(bare.Attributes['FilterPolicy'], undefined)
  const allow = { AWSAccountId: ['111122223333'], ActionName: ['Publish'], Label: 'one' }
  await ask('AddPermission', { TopicArn, ...allow })
  const { Attributes } = await ask<View>('GetTopicAttributes', { TopicArn })
  assert.match(Attributes['Policy'] ?? '', /__default_statement_ID.*"Sid":"one"/)
  assert.deepEqual(
    [Attributes['DisplayName'], Attributes['SubscriptionsConfirmed'], Attributes['Owner']],
    ['News', '1', '000000000000'],
  )
  await ask('Unsubscribe', { SubscriptionArn })
  await ask('DeleteTopic', { TopicArn })
  await ask('DeleteTopic', { TopicArn })
})

test('retries go through their phases', () => {
  const policy = {
    ...usualRetries,
    ...{ numRetries: 8, numNoDelayRetries: 2, numMinDelayRetries: 1, numMaxDelayRetries: 2 },
    ...{ minDelayTarget: 1, maxDelayTarget: 11 },
  }
  const delays = Array.from({ length: 9 }, (_, n) => retryDelay(policy, n + 1))
  assert.deepEqual(delays, [0, 0, 1000, 1000, 6000, 11_000, 11_000, 11_000, undefined])
})
