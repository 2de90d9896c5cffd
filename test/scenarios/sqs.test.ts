import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { lacksAws, startPlatform, until, type Platform } from '../harness/platform.ts'

const noAws = await lacksAws()

describe('queues through the front door', () => {
  let platform: Platform
  let sqs: SQSClient

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    sqs = new SQSClient({ endpoint, credentials, region: 'us-east-1', maxAttempts: 1 })
  })
  after(async () => {
    sqs?.destroy()
    await platform?.stop()
  })

  async function make(QueueName: string, Attributes: Record<string, string> = {}): Promise<string> {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))
    return QueueUrl ?? ''
  }

  /** Receives and deletes until nothing has come for a while; the bodies. */
  async function drain(QueueUrl: string): Promise<readonly string[]> {
    const bodies: string[] = []
    for (;;) {
      const poll = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 }
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(poll))
      if (Messages.length === 0) return bodies
      bodies.push(...Messages.map(({ Body = '' }) => Body))
      const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle }))
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
    }
  }

  it('the CLI sends, receives and deletes', { skip: noAws }, async () => {
    const { QueueUrl } = (await platform.aws(
      'sqs',
      'create-queue',
      '--queue-name',
      'cli',
    )) as Record<string, string>
    const at = ['--queue-url', QueueUrl ?? '']
    const attributes = '{"kind":{"DataType":"String","StringValue":"order"}}'
    const sent = await platform.aws(
      'sqs',
      'send-message',
      ...[...at, '--message-body', 'hello', '--message-attributes', attributes],
    )
    const names = ['--attribute-names', 'All', '--message-attribute-names', 'All']
    const received = await platform.aws('sqs', 'receive-message', ...at, ...names)
    const [message] = received['Messages'] as Record<string, unknown>[]
    assert.deepEqual([message?.['Body'], message?.['MessageId']], ['hello', sent['MessageId']])
    assert.equal(message?.['MD5OfMessageAttributes'], sent['MD5OfMessageAttributes'])
    await platform.aws(
      'sqs',
      'delete-message',
      ...[...at, '--receipt-handle', String(message?.['ReceiptHandle'])],
    )
    await assert.rejects(
      platform.aws('sqs', 'get-queue-url', '--queue-name', 'none'),
      /AWS\.SimpleQueueService\.NonExistentQueue/,
    )
  })

  it('the SDK reads what it sent, and its errors by class', async () => {
    const QueueUrl = await make('sdk')
    const MessageAttributes = {
      raw: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 1, 255]) },
      size: { DataType: 'Number', StringValue: '3.5' },
    }
    // The client checks the digests of the body and of the attributes by itself.
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'äöü €', MessageAttributes }))
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }),
    )
    assert.equal(Messages[0]?.Body, 'äöü €')
    assert.deepEqual([...(Messages[0].MessageAttributes?.['raw']?.BinaryValue ?? [])], [0, 1, 255])
    const nowhere = QueueUrl.replace('sdk', 'none')
    await assert.rejects(
      sqs.send(new SendMessageCommand({ QueueUrl: nowhere, MessageBody: 'x' })),
      QueueDoesNotExist,
    )
  })

  it('a long poll is answered when a message comes, not when its time is over', async () => {
    const QueueUrl = await make('poll')
    const began = Date.now()
    const waiting = Promise.all(
      Array.from({ length: 20 }, () =>
        sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 })),
      ),
    )
    await until('the polls have arrived', async () => Date.now() - began > 500)
    const Entries = Array.from({ length: 10 }, (_, n) => ({ Id: `${n}`, MessageBody: `${n}` }))
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))
    const answers = await waiting
    assert.ok(Date.now() - began < 10_000)
    assert.deepEqual(
      answers.map(({ Messages = [] }) => Messages.length),
      Array.from({ length: 20 }, () => 1),
    )
  })

  it('nothing that was acknowledged is lost when the server and the database are killed', async () => {
    const standard = await make('standard')
    const ordered = await make('ordered.fifo', { FifoQueue: 'true' })
    const acknowledged: string[] = []
    const inOrder: number[] = []
    let isOver = false
    const senders = Array.from({ length: 8 }, async (_, sender) => {
      for (let n = 0; !isOver; n++) {
        const MessageBody = `${sender}-${n}`
        await sqs.send(new SendMessageCommand({ QueueUrl: standard, MessageBody }))
        acknowledged.push(MessageBody)
      }
    })
    const fifoSender = (async () => {
      for (let n = 0; !isOver; n++) {
        const message = { MessageGroupId: 'one', MessageDeduplicationId: `${n}` }
        await sqs.send(
          new SendMessageCommand({ QueueUrl: ordered, MessageBody: `${n}`, ...message }),
        )
        inOrder.push(n)
      }
    })()
    const all = Promise.allSettled([...senders, fifoSender])
    await until('messages flow', async () => acknowledged.length > 500 && inOrder.length > 50)
    const postmaster = await readFile(
      join(platform.dataDirectory, 'postgres', 'postmaster.pid'),
      'utf8',
    )
    process.kill(Number(postmaster.split('\n')[0]), 'SIGKILL')
    process.kill(platform.pid(), 'SIGKILL')
    await all
    isOver = true
    await platform.up()
    const found = new Set(await drain(standard))
    assert.deepEqual(
      acknowledged.filter((body) => !found.has(body)),
      [],
    )
    const order = (await drain(ordered)).map(Number)
    assert.deepEqual(
      order,
      order.map((_, n) => n),
    )
    assert.ok(order.length >= inOrder.length)
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible']
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: standard,
        AttributeNames: AttributeNames as never,
      }),
    )
    assert.deepEqual(Object.values(Attributes ?? {}), ['0', '0'])
  })
})
