import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Message } from '@aws-sdk/client-sqs'
import { AwsError } from '../../kernel/errors.ts'
import { call } from '../../testing/fake-request.ts'
import { sqsWorld, type SqsWorld } from '../../testing/sqs-world.ts'
import { sqsService } from './index.ts'

interface World extends SqsWorld {
  ask<Output = Record<string, never>>(operation: string, input: object): Promise<Output>
  make(name: string, attributes?: Record<string, string>): Promise<string>
  receive(QueueUrl: string, more?: object): Promise<readonly Message[]>
}

function world(): World {
  const made = sqsWorld()
  const service = sqsService({ queues: made.queues, endpointHost: '127.0.0.1:4566' })
  const ask = <Output>(operation: string, input: object): Promise<Output> =>
    call<Output>(service, operation, input)
  return {
    ...made,
    ask,
    async make(QueueName, Attributes) {
      const input = Attributes ? { QueueName, Attributes } : { QueueName }
      return (await ask<{ QueueUrl: string }>('CreateQueue', input)).QueueUrl
    },
    async receive(QueueUrl, more = {}) {
      const answer = await ask<{ Messages?: Message[] }>('ReceiveMessage', { QueueUrl, ...more })
      return answer.Messages ?? []
    },
  }
}

const fifo = { FifoQueue: 'true' }

function arnOf(url: string): string {
  return `arn:aws:sqs:us-east-1:000000000000:${url.split('/').at(-1)}`
}

function coded(code: string, text = /./): (thrown: unknown) => boolean {
  return (thrown) => {
    assert.ok(thrown instanceof AwsError, String(thrown))
    assert.equal(thrown.code, code)
    assert.match(thrown.message, text)
    return true
  }
}

test('a message goes in, comes out once while it is hidden, and is gone when deleted', async () => {
  const { ask, make, receive, clock } = world()
  const QueueUrl = await make('jobs')
  assert.equal(QueueUrl, 'http://127.0.0.1:4566/000000000000/jobs')
  const sent = await ask<{ MD5OfMessageBody: string; MessageId: string }>('SendMessage', {
    QueueUrl,
    MessageBody: 'hello',
  })
  assert.equal(sent.MD5OfMessageBody, '5d41402abc4b2a76b9719d911017c592')
  const [first] = await receive(QueueUrl, { AttributeNames: ['All'] })
  assert.deepEqual([first?.Body, first?.MessageId], ['hello', sent.MessageId])
  assert.equal(first?.Attributes?.ApproximateReceiveCount, '1')
  assert.deepEqual(await receive(QueueUrl), [])
  await clock.advance(30_000)
  const [second] = await receive(QueueUrl, { AttributeNames: ['ApproximateReceiveCount'] })
  assert.deepEqual(second?.Attributes, { ApproximateReceiveCount: '2' })
  // An older handle deletes nothing, and says nothing.
  await ask('DeleteMessage', { QueueUrl, ReceiptHandle: first?.ReceiptHandle })
  await clock.advance(30_000)
  const [third] = await receive(QueueUrl)
  assert.ok(third)
  await ask('DeleteMessage', { QueueUrl, ReceiptHandle: third.ReceiptHandle })
  await clock.advance(60_000)
  assert.deepEqual(await receive(QueueUrl), [])
})

test('long polls wait for a send, for a delay to end, and for their own time', async () => {
  const { ask, make, receive, clock } = world()
  const QueueUrl = await make('jobs')
  const waiting = receive(QueueUrl, { WaitTimeSeconds: 20 })
  await clock.advance(5_000)
  await ask('SendMessage', { QueueUrl, MessageBody: 'now' })
  assert.equal((await waiting)[0]?.Body, 'now')
  await ask('SendMessage', { QueueUrl, MessageBody: 'later', DelaySeconds: 7 })
  const delayed = receive(QueueUrl, { WaitTimeSeconds: 20 })
  await clock.advance(6_999)
  const before = await Promise.race([delayed, Promise.resolve('still waiting')])
  assert.equal(before, 'still waiting')
  await clock.advance(1)
  assert.equal((await delayed)[0]?.Body, 'later')
  const none = receive(QueueUrl, { WaitTimeSeconds: 3 })
  await clock.advance(3_000)
  assert.deepEqual(await none, [])
})

test('a receiver that went away takes nothing with it', async () => {
  const { ask, make, receive, queues } = world()
  const QueueUrl = await make('jobs')
  const queue = await queues.catalogue.require(
    { account: '000000000000', region: 'us-east-1' },
    'jobs',
  )
  const gone = new AbortController()
  const waiting = queues.receive(queue, { waitSeconds: 20, signal: gone.signal })
  gone.abort()
  assert.deepEqual(await waiting, [])
  await ask('SendMessage', { QueueUrl, MessageBody: 'kept' })
  assert.equal((await receive(QueueUrl))[0]?.Body, 'kept')
})

test('a group in flight blocks itself and no other; duplicates are one message', async () => {
  const { ask, make, receive } = world()
  const QueueUrl = await make('jobs.fifo', { ...fifo, ContentBasedDeduplication: 'true' })
  const send = (MessageBody: string, MessageGroupId: string): Promise<{ SequenceNumber: string }> =>
    ask('SendMessage', { QueueUrl, MessageBody, MessageGroupId })
  const first = await send('a1', 'a')
  assert.deepEqual(await send('a1', 'a'), first)
  await send('a2', 'a')
  await send('b1', 'b')
  const [a1] = await receive(QueueUrl)
  assert.equal(a1?.Body, 'a1')
  const rest = await receive(QueueUrl, { MaxNumberOfMessages: 10 })
  assert.deepEqual(
    rest.map(({ Body }) => Body),
    ['b1'],
  )
  const waiting = receive(QueueUrl, { WaitTimeSeconds: 20 })
  await ask('DeleteMessage', { QueueUrl, ReceiptHandle: a1.ReceiptHandle })
  assert.equal((await waiting)[0]?.Body, 'a2')
})

test('receivers that come together never share a group', async () => {
  const { ask, make, receive } = world()
  const QueueUrl = await make('jobs.fifo', { ...fifo, ContentBasedDeduplication: 'true' })
  for (let n = 0; n < 20; n++) {
    await ask('SendMessage', { QueueUrl, MessageBody: `${n}`, MessageGroupId: 'a' })
  }
  const both = [1, 2].map(() => receive(QueueUrl, { MaxNumberOfMessages: 10 }))
  const [first = [], second] = await Promise.all(both)
  assert.deepEqual(
    first.map(({ Body }) => Number(Body)),
    first.map((_, n) => n),
  )
  assert.equal(first.length, 10)
  assert.deepEqual(second, [])
})

test('an attempt that is made again gets the same deliveries', async () => {
  const { ask, make, receive } = world()
  const QueueUrl = await make('jobs.fifo', { ...fifo, ContentBasedDeduplication: 'true' })
  await ask('SendMessage', { QueueUrl, MessageBody: 'a', MessageGroupId: 'a' })
  const attempt = { ReceiveRequestAttemptId: 'one' }
  const first = await receive(QueueUrl, attempt)
  assert.deepEqual(await receive(QueueUrl, attempt), first)
  assert.deepEqual(await receive(QueueUrl, { ReceiveRequestAttemptId: 'two' }), [])
})

test('a message that is received too often is a dead letter, and goes back when it is moved', async () => {
  const { ask, make, receive, clock, reconcile } = world()
  const dead = await make('dead')
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf(dead), maxReceiveCount: 2 })
  const QueueUrl = await make('jobs', { RedrivePolicy, VisibilityTimeout: '1' })
  await ask('SendMessage', { QueueUrl, MessageBody: 'poison' })
  for (let n = 0; n < 2; n++) {
    assert.equal((await receive(QueueUrl)).length, 1)
    await clock.advance(1_000)
  }
  assert.deepEqual(await receive(QueueUrl), [])
  const [letter] = await receive(dead, { AttributeNames: ['All'], VisibilityTimeout: 0 })
  assert.equal(letter?.Body, 'poison')
  assert.equal(letter.Attributes?.DeadLetterQueueSourceArn, arnOf(QueueUrl))
  assert.equal(letter.Attributes?.ApproximateReceiveCount, '3')
  const sources = await ask<{ queueUrls: string[] }>('ListDeadLetterSourceQueues', {
    QueueUrl: dead,
  })
  assert.deepEqual(sources.queueUrls, [QueueUrl])
  await ask('StartMessageMoveTask', { SourceArn: arnOf(dead) })
  await reconcile()
  await reconcile()
  const tasks = await ask<{ Results: object[] }>('ListMessageMoveTasks', { SourceArn: arnOf(dead) })
  assert.partialDeepStrictEqual(tasks.Results, [
    { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 },
  ])
  assert.equal((await receive(QueueUrl))[0]?.Body, 'poison')
})

test('attributes come back as they were sent, with the digests that SDKs check', async () => {
  const { ask, make, receive } = world()
  const QueueUrl = await make('jobs')
  const MessageAttributes = {
    kind: { DataType: 'String', StringValue: 'order' },
    size: { DataType: 'Number', StringValue: '12' },
    raw: { DataType: 'Binary.png', BinaryValue: Buffer.from([1, 2, 255]) },
  }
  const sent = await ask<{ MD5OfMessageAttributes: string }>('SendMessage', {
    QueueUrl,
    MessageBody: 'x',
    MessageAttributes,
  })
  const [all] = await receive(QueueUrl, { MessageAttributeNames: ['All'], VisibilityTimeout: 0 })
  assert.deepEqual(all?.MessageAttributes, MessageAttributes)
  assert.equal(all.MD5OfMessageAttributes, sent.MD5OfMessageAttributes)
  const [some] = await receive(QueueUrl, { MessageAttributeNames: ['ki.*'] })
  assert.deepEqual(Object.keys(some?.MessageAttributes ?? {}), ['kind'])
})

test('counts are true, and measurements tell what happened since the last ones', async () => {
  const { ask, make, receive, queues, clock } = world()
  const QueueUrl = await make('jobs')
  for (const DelaySeconds of [0, 0, 0, 60]) {
    await ask('SendMessage', { QueueUrl, MessageBody: 'x', DelaySeconds })
  }
  await receive(QueueUrl)
  await clock.advance(4_000)
  const { Attributes } = await ask<{ Attributes: object }>('GetQueueAttributes', {
    QueueUrl,
    AttributeNames: ['All'],
  })
  assert.partialDeepStrictEqual(Attributes, {
    ApproximateNumberOfMessages: '2',
    ApproximateNumberOfMessagesNotVisible: '1',
    ApproximateNumberOfMessagesDelayed: '1',
    VisibilityTimeout: '30',
    QueueArn: arnOf(QueueUrl),
  })
  const [measured] = await queues.queueMeasurements()
  assert.partialDeepStrictEqual(measured, {
    queueName: 'jobs',
    visible: 2,
    notVisible: 1,
    delayed: 1,
    ageOfOldestSeconds: 4,
    sent: 4,
    received: 1,
    deleted: 0,
  })
  assert.equal((await queues.queueMeasurements())[0]?.sent, 0)
})

test('messages past their retention, and those of queues that are gone, are swept away', async () => {
  const { ask, make, receive, clock, reconcile, messages } = world()
  const short = await make('short', { MessageRetentionPeriod: '60' })
  const gone = await make('gone')
  await ask('SendMessage', { QueueUrl: short, MessageBody: 'x' })
  await ask('SendMessage', { QueueUrl: gone, MessageBody: 'x' })
  await clock.advance(61_000)
  assert.deepEqual(await receive(short), [])
  await ask('DeleteQueue', { QueueUrl: gone })
  assert.equal((await messages.queues()).length, 2)
  await reconcile()
  assert.deepEqual(await messages.queues(), [])
  await assert.rejects(make('gone'), coded('QueueDeletedRecently', /wait 60 seconds/))
  await clock.advance(60_000)
  await make('gone')
  assert.deepEqual(await receive(gone), [])
})

test('a name that was deleted is held for a minute, and then forgotten', async () => {
  const { ask, make, clock, reconcile, store } = world()
  const QueueUrl = await make('jobs')
  await ask('DeleteQueue', { QueueUrl })
  await assert.rejects(make('jobs'), coded('QueueDeletedRecently'))
  await clock.advance(59_999)
  await assert.rejects(make('jobs'), coded('QueueDeletedRecently'))
  await clock.advance(1)
  assert.equal(await make('jobs'), QueueUrl)
  // Held names are of no use to a queue that is there.
  await reconcile()
  assert.deepEqual(await store.listAll({ name: 'queue/deleted-name' }), [])
})

test('a queue is purged once in a minute', async () => {
  const { ask, make, receive, clock } = world()
  const QueueUrl = await make('jobs')
  await ask('SendMessage', { QueueUrl, MessageBody: 'x' })
  await ask('PurgeQueue', { QueueUrl })
  assert.deepEqual(await receive(QueueUrl), [])
  await assert.rejects(ask('PurgeQueue', { QueueUrl }), coded('PurgeQueueInProgress'))
  await clock.advance(60_000)
  await ask('PurgeQueue', { QueueUrl })
})

test('each mistake has the code that SQS has for it', async () => {
  const { ask, make, receive } = world()
  const QueueUrl = await make('jobs')
  const ordered = await make('jobs.fifo', fifo)
  const here = (more: object): object => ({ QueueUrl, MessageBody: 'x', ...more })
  const entry = (Id: string): object => ({ Id, MessageBody: 'x' })
  const nothing = 'http://127.0.0.1:4566/000000000000/none'
  const mistakes: readonly (readonly [string, object, string, RegExp?])[] = [
    ['GetQueueUrl', { QueueName: 'none' }, 'QueueDoesNotExist'],
    ['SendMessage', { QueueUrl: nothing, MessageBody: 'x' }, 'QueueDoesNotExist'],
    ['SendMessage', { QueueUrl: 'jobs', MessageBody: 'x' }, 'InvalidAddress'],
    ['SendMessage', here({ QueueUrl: QueueUrl.replace('000/', '001/') }), 'AccessDenied'],
    ['SendMessage', here({ MessageBody: '\u0000' }), 'InvalidMessageContents', /#x9/],
    ['SendMessage', here({ MessageBody: '' }), 'MissingParameter', /MessageBody/],
    [
      'SendMessage',
      here({ MessageBody: 'x'.repeat(2 ** 20 + 1) }),
      'InvalidParameterValue',
      /1048576/,
    ],
    ['SendMessage', here({ DelaySeconds: 901 }), 'InvalidParameterValue', /DelaySeconds/],
    ['SendMessage', here({ MessageDeduplicationId: 'd' }), 'InvalidParameterValue'],
    ['SendMessage', { QueueUrl: ordered, MessageBody: 'x' }, 'MissingParameter', /MessageGroupId/],
    [
      'SendMessage',
      { QueueUrl: ordered, MessageBody: 'x', MessageGroupId: 'g' },
      'InvalidParameterValue',
      /ContentBasedDeduplication/,
    ],
    [
      'SendMessage',
      here({ MessageAttributes: { 'AWS.x': { DataType: 'String', StringValue: 'x' } } }),
      'InvalidParameterValue',
      /reserved/,
    ],
    ['SendMessageBatch', { QueueUrl, Entries: [] }, 'EmptyBatchRequest'],
    [
      'SendMessageBatch',
      { QueueUrl, Entries: [entry('a'), entry('a')] },
      'BatchEntryIdsNotDistinct',
    ],
    ['SendMessageBatch', { QueueUrl, Entries: [entry('!')] }, 'InvalidBatchEntryId'],
    [
      'SendMessageBatch',
      { QueueUrl, Entries: Array.from({ length: 11 }, (_, n) => entry(`${n}`)) },
      'TooManyEntriesInBatchRequest',
    ],
    [
      'SendMessageBatch',
      {
        QueueUrl,
        Entries: ['a', 'b'].map((Id) => ({ Id, MessageBody: 'x'.repeat(600_000) })),
      },
      'BatchRequestTooLong',
    ],
    ['ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 11 }, 'InvalidParameterValue'],
    ['ReceiveMessage', { QueueUrl, WaitTimeSeconds: 21 }, 'InvalidParameterValue'],
    ['ReceiveMessage', { QueueUrl, AttributeNames: ['Nothing'] }, 'InvalidAttributeName'],
    ['ReceiveMessage', { QueueUrl, ReceiveRequestAttemptId: 'a' }, 'InvalidParameterValue'],
    ['DeleteMessage', { QueueUrl, ReceiptHandle: 'no' }, 'ReceiptHandleIsInvalid'],
    [
      'ChangeMessageVisibility',
      { QueueUrl, ReceiptHandle: 'no', VisibilityTimeout: 1 },
      'ReceiptHandleIsInvalid',
    ],
    ['CreateQueue', { QueueName: 'a b' }, 'InvalidParameterValue'],
    ['CreateQueue', { QueueName: 'a', Attributes: fifo }, 'InvalidParameterValue', /\.fifo/],
    ['CreateQueue', { QueueName: 'a', Attributes: { Colour: 'red' } }, 'InvalidAttributeName'],
    [
      'CreateQueue',
      { QueueName: 'a', Attributes: { VisibilityTimeout: '43201' } },
      'InvalidAttributeValue',
    ],
    [
      'CreateQueue',
      { QueueName: 'a', Attributes: { KmsMasterKeyId: 'alias/aws/sqs' } },
      'InvalidAttributeValue',
      /not encrypted/,
    ],
    [
      'CreateQueue',
      { QueueName: 'jobs', Attributes: { VisibilityTimeout: '31' } },
      'QueueNameExists',
      /VisibilityTimeout/,
    ],
    ['SetQueueAttributes', { QueueUrl, Attributes: { Policy: '{}' } }, 'InvalidAttributeValue'],
    ['StartMessageMoveTask', { SourceArn: arnOf(nothing) }, 'ResourceNotFoundException'],
    [
      'StartMessageMoveTask',
      { SourceArn: arnOf(QueueUrl) },
      'InvalidParameterValue',
      /Dead Letter/,
    ],
  ]
  for (const [operation, input, code, text] of mistakes) {
    await assert.rejects(ask(operation, input), coded(code, text), `${operation} ${code}`)
  }
  await ask('SendMessage', { QueueUrl, MessageBody: 'x' })
  const [message] = await receive(QueueUrl)
  const ReceiptHandle = message?.ReceiptHandle
  const hide = (VisibilityTimeout: number): Promise<unknown> =>
    ask('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout })
  await hide(0)
  await assert.rejects(hide(5), coded('MessageNotInflight'))
})

test('an entry that fails does not keep the others of its batch back', async () => {
  const { ask, make } = world()
  const QueueUrl = await make('jobs')
  const answer = await ask<{ Successful: { Id: string }[]; Failed: object[] }>('SendMessageBatch', {
    QueueUrl,
    Entries: [
      { Id: 'well', MessageBody: 'x' },
      { Id: 'ill', MessageBody: '\u0001' },
    ],
  })
  assert.deepEqual(
    answer.Successful.map(({ Id }) => Id),
    ['well'],
  )
  assert.partialDeepStrictEqual(answer.Failed, [
    { Id: 'ill', Code: 'InvalidMessageContents', SenderFault: true },
  ])
})

test('permissions are statements of the policy', async () => {
  const { ask, make } = world()
  const QueueUrl = await make('jobs')
  const permission = {
    QueueUrl,
    Label: 'in',
    AWSAccountIds: ['111122223333'],
    Actions: ['SendMessage'],
  }
  await ask('AddPermission', permission)
  await assert.rejects(ask('AddPermission', permission), coded('InvalidParameterValue'))
  const read = (): Promise<{ Attributes?: { Policy?: string } }> =>
    ask('GetQueueAttributes', { QueueUrl, AttributeNames: ['Policy'] })
  const policy = JSON.parse((await read()).Attributes?.Policy ?? '{}')
  assert.partialDeepStrictEqual(policy, {
    Statement: [
      {
        Sid: 'in',
        Principal: { AWS: 'arn:aws:iam::111122223333:root' },
        Action: 'SQS:SendMessage',
      },
    ],
  })
  await ask('RemovePermission', { QueueUrl, Label: 'in' })
  assert.deepEqual(await read(), {})
})

test('lists come in pages, by prefix', async () => {
  const { ask, make } = world()
  for (const name of ['a-1', 'a-2', 'a-3', 'b-1']) await make(name)
  const list = (input: object): Promise<{ QueueUrls: string[]; NextToken?: string }> =>
    ask('ListQueues', { QueueNamePrefix: 'a', ...input })
  const first = await list({ MaxResults: 2 })
  assert.equal(first.QueueUrls.length, 2)
  const second = await list({ MaxResults: 2, NextToken: first.NextToken })
  assert.deepEqual(
    second.QueueUrls.map((url) => url.split('/').at(-1)),
    ['a-3'],
  )
  assert.equal(second.NextToken, undefined)
})
