import assert from 'node:assert/strict'
import { createVerify, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  DeleteAutoScalingGroupCommand,
  PutNotificationConfigurationCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling'
import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch'
import {
  CodeDeployClient,
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
} from '@aws-sdk/client-codedeploy'
import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  NotFoundException,
  PublishBatchCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs'
import { startMailServer, type Letter, type MailServer } from '../harness/mail-server.ts'
import { lacksAws, startPlatform, until, type Platform } from '../harness/platform.ts'

const noAws = await lacksAws()

interface Posted {
  readonly type: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: Record<string, string>
}

/** A subscriber's web server, which answers with what `status` says; 0 answers nothing. */
async function listen(status: (posted: Posted) => number): Promise<{
  readonly url: string
  readonly posts: Posted[]
  close(): void
}> {
  const posts: Posted[] = []
  const server = http.createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      const body = JSON.parse(text) as Record<string, string>
      const type = String(request.headers['x-amz-sns-message-type'])
      const posted = { type, headers: request.headers, body }
      const code = status(posted)
      posts.push(posted)
      if (code !== 0) response.writeHead(code).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    posts,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function isSigned(body: Record<string, string>): Promise<boolean> {
  const pem = await (await fetch(body['SigningCertURL'] ?? '')).text()
  const names = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
  const text = names
    .filter((name) => body[name] !== undefined)
    .map((name) => `${name}\n${body[name]}\n`)
    .join('')
  const verifier = createVerify(body['SignatureVersion'] === '2' ? 'sha256' : 'sha1').update(text)
  return verifier.verify(new X509Certificate(pem).publicKey, body['Signature'] ?? '', 'base64')
}

/** A letter's text without its transport's encoding. */
function plain({ headers, body }: Letter): string {
  const [, encoding = ''] = /Content-Transfer-Encoding: (\S+)/.exec(headers) ?? []
  const text = body.replaceAll('\r\n', '\n')
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  if (encoding !== 'quoted-printable') return text
  const bytes = text
    .replaceAll('=\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

describe('topics through the front door', () => {
  let platform: Platform
  let sns: SNSClient
  let sqs: SQSClient

  let post: MailServer

  before(async () => {
    post = await startMailServer((to) =>
      to.startsWith('nobody') ? '550 no such user' : '250 fine',
    )
    const from = ['--mail-from', 'site@example.com']
    platform = await startPlatform('--mail-relay', post.url, ...from)
    const { endpoint, credentials } = platform
    const options = { endpoint, credentials, region: 'us-east-1', maxAttempts: 1 }
    sns = new SNSClient(options)
    sqs = new SQSClient(options)
  })
  after(async () => {
    sns?.destroy()
    sqs?.destroy()
    await platform?.stop()
    post?.close()
  })

  async function queue(name: string): Promise<{ url: string; arn: string }> {
    const Attributes: Record<string, string> = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {}
    const { QueueUrl = '' } = await sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes }),
    )
    return { url: QueueUrl, arn: `arn:aws:sqs:us-east-1:000000000000:${name}` }
  }

  async function topic(Name: string, Attributes: Record<string, string> = {}): Promise<string> {
    return (await sns.send(new CreateTopicCommand({ Name, Attributes }))).TopicArn ?? ''
  }

  async function subscribe(
    TopicArn: string,
    Endpoint: string,
    Attributes: Record<string, string> = {},
  ): Promise<string> {
    const Protocol = Endpoint.startsWith('arn:') ? 'sqs' : 'http'
    const input = { TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true }
    return (await sns.send(new SubscribeCommand(input))).SubscriptionArn ?? ''
  }

  /** Receives and deletes until as many have come. */
  async function take(QueueUrl: string, count: number): Promise<readonly Message[]> {
    const taken: Message[] = []
    for (let poll = 0; taken.length < count && poll < 10; poll++) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          ...{ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 },
          MessageAttributeNames: ['All'],
        }),
      )
      if (Messages.length === 0) continue
      taken.push(...Messages)
      const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle }))
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
    }
    return taken
  }

  it(
    'the CLI publishes to a queue, signed, and its errors are AWS’s',
    { skip: noAws },
    async () => {
      const made = await platform.aws('sns', 'create-topic', '--name', 'cli')
      const at = ['--topic-arn', String(made['TopicArn'])]
      const { url, arn } = await queue('cli')
      const endpoint = ['--protocol', 'sqs', '--notification-endpoint', arn]
      await platform.aws('sns', 'subscribe', ...at, ...endpoint)
      const sent = await platform.aws(
        ...['sns', 'publish', ...at, '--subject', 'Hello', '--message', 'wörld'],
        ...['--message-attributes', '{"kind":{"DataType":"String","StringValue":"order"}}'],
      )
      const [message] = await take(url, 1)
      const body = JSON.parse(message?.Body ?? '{}') as Record<string, string>
      assert.deepEqual(Object.keys(body), [
        ...['Type', 'MessageId', 'TopicArn', 'Subject', 'Message', 'Timestamp', 'SignatureVersion'],
        ...['Signature', 'SigningCertURL', 'UnsubscribeURL', 'MessageAttributes'],
      ])
      assert.deepEqual(
        [body['Type'], body['MessageId'], body['Message'], body['MessageAttributes']],
        ['Notification', sent['MessageId'], 'wörld', { kind: { Type: 'String', Value: 'order' } }],
      )
      assert.ok(await isSigned(body))
      assert.ok(!(await isSigned({ ...body, Message: 'world' })))
      await assert.rejects(
        platform.aws('sns', 'publish', '--topic-arn', `${at[1]}x`, '--message', 'x'),
        /\(NotFound\).*Topic does not exist/,
      )
    },
  )

  it('mail goes through the relay: a question, its link, and then what is published', async () => {
    const TopicArn = await topic('letters', { DisplayName: 'Städte' })
    const endpoints = { email: 'reader@example.com', 'email-json': 'program@example.com' }
    const letterTo = (to: string, words: RegExp) =>
      until('a letter', async () =>
        post.letters.find((each) => each.to === to && words.test(each.headers + plain(each))),
      )
    for (const [Protocol, Endpoint] of Object.entries(endpoints)) {
      const { SubscriptionArn } = await sns.send(
        new SubscribeCommand({ TopicArn, Protocol, Endpoint }),
      )
      assert.equal(SubscriptionArn, 'pending confirmation')
      const question = await letterTo(Endpoint, /SubscribeURL|ConfirmSubscription/)
      assert.equal(question.from, 'site@example.com')
      const [link = ''] =
        /http:[^\s"]+Action=ConfirmSubscription[^\s"]+/.exec(plain(question)) ?? []
      assert.equal((await fetch(link)).status, 200)
    }
    const lost = { TopicArn, Protocol: 'email', Endpoint: 'nobody@example.com' }
    await sns.send(new SubscribeCommand(lost))
    const Message = 'Grüße\n.\nfrom the site'
    await sns.send(new PublishCommand({ TopicArn, Message, Subject: 'News' }))
    const letter = await letterTo(endpoints.email, /Subject: News/)
    assert.match(letter.headers, /From: =\?UTF-8\?.* <site@example.com>/)
    assert.ok(plain(letter).startsWith(Message))
    assert.match(plain(letter), /Action=Unsubscribe&SubscriptionArn=arn:aws:sns/)
    const json = await letterTo(endpoints['email-json'], /Subject: News/)
    const body = JSON.parse(plain(json)) as Record<string, string>
    assert.deepEqual([body['Type'], body['Message']], ['Notification', Message])
    assert.ok(await isSigned(body))
    assert.ok(!post.letters.some(({ to }) => to.startsWith('nobody')))
  })

  it('filters decide who hears, raw queues get the message alone, and dead letters say why', async () => {
    const TopicArn = await topic('orders')
    const [raw, wrapped, dead] = [await queue('raw'), await queue('wrapped'), await queue('dead')]
    await subscribe(TopicArn, raw.arn, {
      RawMessageDelivery: 'true',
      FilterPolicy: '{"kind":["order"],"price":[{"numeric":[">",10]}]}',
    })
    await subscribe(TopicArn, wrapped.arn, {
      FilterPolicyScope: 'MessageBody',
      FilterPolicy: '{"shop":{"city":[{"prefix":"Ber"}]}}',
    })
    await subscribe(TopicArn, 'arn:aws:sqs:us-east-1:000000000000:nowhere', {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }),
    })
    const priced = (price: string): object => ({
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'order' },
        price: { DataType: 'Number', StringValue: price },
      },
    })
    const { Failed = [], Successful = [] } = await sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [
          { Id: 'cheap', Message: 'cheap', ...priced('9') },
          { Id: 'dear', Message: 'dear', ...priced('11') },
          { Id: 'berlin', Message: '{"shop":{"city":"Berlin"}}' },
          { Id: 'bad', Message: 'x', MessageDeduplicationId: 'no' },
        ],
      }),
    )
    assert.deepEqual([Successful.length, Failed.map(({ Code }) => Code)], [3, ['InvalidParameter']])
    assert.equal((await take(dead.url, 3)).length, 3)
    const [order, ...others] = await take(raw.url, 1)
    assert.deepEqual([order?.Body, others.length], ['dear', 0])
    assert.equal(order?.MessageAttributes?.['price']?.StringValue, '11')
    const [berlin] = await take(wrapped.url, 1)
    assert.match(berlin?.Body ?? '', /Berlin/)
  })

  it('a web server confirms, is told, and is told again when it or the platform failed', async () => {
    const TopicArn = await topic('web')
    const answers = new Map([['again', [503, 200]]])
    const hook = await listen(({ body }) => answers.get(body['Message'] ?? '')?.shift() ?? 200)
    try {
      const DeliveryPolicy =
        '{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":20}}'
      const arn = await subscribe(TopicArn, hook.url, { DeliveryPolicy })
      await until('it is asked to confirm', async () => hook.posts.length > 0)
      const [asked] = hook.posts
      assert.equal(asked?.type, 'SubscriptionConfirmation')
      const listing = new ListSubscriptionsByTopicCommand({ TopicArn })
      const pending = await sns.send(listing)
      assert.equal(pending.Subscriptions?.[0]?.SubscriptionArn, 'PendingConfirmation')
      const confirmed = await fetch(asked.body['SubscribeURL'] ?? '')
      assert.match(await confirmed.text(), new RegExp(`<SubscriptionArn>${arn}</SubscriptionArn>`))

      await sns.send(new PublishCommand({ TopicArn, Message: 'again' }))
      const heard = (message: string): readonly Posted[] =>
        hook.posts.filter(({ body }) => body['Message'] === message)
      await until('it was tried again', async () => heard('again').length === 2)
      assert.equal(heard('again')[1]?.headers['x-amz-sns-subscription-arn'], arn)
      assert.ok(await isSigned(heard('again')[0]?.body ?? {}))

      answers.set('survives', [0])
      await sns.send(new PublishCommand({ TopicArn, Message: 'survives' }))
      await until('the delivery is on its way', async () => heard('survives').length === 1)
      process.kill(platform.pid(), 'SIGKILL')
      await platform.up()
      await until('it is delivered by the next server', async () => heard('survives').length === 2)

      await fetch(heard('survives')[1]?.body['UnsubscribeURL'] ?? '')
      assert.deepEqual((await sns.send(listing)).Subscriptions ?? [], [])
    } finally {
      hook.close()
    }
  })

  it('alarms and deployments tell their topics in AWS’s words', async () => {
    const TopicArn = await topic('notices')
    const { url, arn } = await queue('notices')
    await subscribe(TopicArn, arn)
    const { endpoint, credentials } = platform
    const options = { endpoint, credentials, region: 'us-east-1', maxAttempts: 1 }
    const cloudwatch = new CloudWatchClient(options)
    await cloudwatch.send(
      new PutMetricAlarmCommand({
        ...{ AlarmName: 'busy', Namespace: 'own', MetricName: 'load', Statistic: 'Average' },
        ...{ Period: 60, EvaluationPeriods: 1, Threshold: 5, AlarmActions: [TopicArn] },
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    )
    const state = { AlarmName: 'busy', StateValue: 'ALARM', StateReason: 'by hand' } as const
    await cloudwatch.send(new SetAlarmStateCommand(state))
    cloudwatch.destroy()
    const [told] = await take(url, 1)
    const envelope = JSON.parse(told?.Body ?? '{}') as Record<string, string>
    assert.equal(envelope['Subject'], 'ALARM: "busy" in US East (N. Virginia)')
    const alarm = JSON.parse(envelope['Message'] ?? '{}') as Record<string, unknown>
    assert.deepEqual(
      [alarm['NewStateValue'], alarm['OldStateValue'], alarm['NewStateReason']],
      ['ALARM', 'INSUFFICIENT_DATA', 'by hand'],
    )
    assert.equal((alarm['Trigger'] as Record<string, unknown>)['MetricName'], 'load')

    const codedeploy = new CodeDeployClient(options)
    const group = { applicationName: 'shop', deploymentGroupName: 'none' }
    await codedeploy.send(new CreateApplicationCommand({ applicationName: 'shop' }))
    await codedeploy.send(
      new CreateDeploymentGroupCommand({
        ...{ ...group, serviceRoleArn: 'arn:aws:iam::000000000000:role/deploy' },
        ec2TagFilters: [{ Key: 'none', Type: 'KEY_ONLY' }],
        triggerConfigurations: [
          {
            ...{ triggerName: 'failures', triggerTargetArn: TopicArn },
            triggerEvents: ['DeploymentFailure'],
          },
        ],
      }),
    )
    const s3Location = { bucket: 'none', key: 'none.zip', bundleType: 'zip' } as const
    const revision = { revisionType: 'S3', s3Location } as const
    const { deploymentId } = await codedeploy.send(
      new CreateDeploymentCommand({ ...group, revision }),
    )
    codedeploy.destroy()
    const [failed] = await take(url, 1)
    const notice = JSON.parse(failed?.Body ?? '{}') as Record<string, string>
    const deployment = JSON.parse(notice['Message'] ?? '{}') as Record<string, string>
    assert.deepEqual(
      [deployment['deploymentId'], deployment['status'], deployment['eventTriggerName']],
      [deploymentId, 'FAILED', 'failures'],
    )
  })

  it('groups tell their topics', async () => {
    const TopicARN = await topic('groups')
    const { url, arn } = await queue('groups')
    await subscribe(TopicARN, arn, { RawMessageDelivery: 'true' })
    const { endpoint, credentials } = platform
    const autoscaling = new AutoScalingClient({ endpoint, credentials, region: 'us-east-1' })
    const AutoScalingGroupName = 'told'
    const LaunchConfigurationName = 'told'
    const launched = { ImageId: 'ami-12345678', InstanceType: 't3.micro' }
    await autoscaling.send(
      new CreateLaunchConfigurationCommand({ LaunchConfigurationName, ...launched }),
    )
    await autoscaling.send(
      new CreateAutoScalingGroupCommand({
        ...{ AutoScalingGroupName, LaunchConfigurationName, MinSize: 0, MaxSize: 1 },
        AvailabilityZones: ['us-east-1a'],
      }),
    )
    const NotificationTypes = ['autoscaling:TEST_NOTIFICATION', 'autoscaling:EC2_INSTANCE_LAUNCH']
    await autoscaling.send(
      new PutNotificationConfigurationCommand({
        ...{ AutoScalingGroupName, TopicARN, NotificationTypes },
      }),
    )
    await autoscaling.send(
      new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 1 }),
    )
    const bodies = (await take(url, 2)).map(({ Body = '{}' }) => JSON.parse(Body) as object)
    const named = bodies.map((body) => Object.entries(body).find(([name]) => name === 'Event')?.[1])
    assert.deepEqual(named, NotificationTypes)
    const ForceDelete = true
    await autoscaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete }))
    autoscaling.destroy()
  })

  it('rules tell queues of own events and of the platform’s', { skip: noAws }, async () => {
    const { url, arn } = await queue('events')
    const events = (...words: readonly string[]): Promise<Record<string, unknown>> =>
      platform.aws('events', ...words)
    const pattern = {
      $or: [
        { source: ['shop'], detail: { price: [{ numeric: ['>', 10] }] } },
        { source: ['aws.codedeploy'], detail: { state: ['FAILURE'] } },
      ],
    }
    await events('put-rule', '--name', 'news', '--event-pattern', JSON.stringify(pattern))
    await events('put-targets', '--rule', 'news', '--targets', `Id=queue,Arn=${arn}`)
    const entry = { Source: 'shop', DetailType: 'sale', Resources: ['one'] }
    const entries = ['{"price":11}', '{"price":9}'].map((Detail) => ({ ...entry, Detail }))
    const put = await events('put-events', '--entries', JSON.stringify(entries))
    assert.equal(put['FailedEntryCount'], 0)
    const [sale] = await take(url, 1)
    const event = JSON.parse(sale?.Body ?? '{}') as Record<string, unknown>
    const [{ EventId } = {}] = put['Entries'] as Record<string, string>[]
    assert.deepEqual(
      [event['id'], event['detail-type'], event['detail'], event['region'], event['resources']],
      [EventId, 'sale', { price: 11 }, 'us-east-1', ['one']],
    )
    const at = ['--application-name', 'shop', '--deployment-group-name', 'none']
    const s3 = ['--s3-location', 'bucket=none,key=none.zip,bundleType=zip']
    const { deploymentId } = await platform.aws('deploy', 'create-deployment', ...at, ...s3)
    const [failure] = await take(url, 1)
    assert.match(failure?.Body ?? '', new RegExp(`"deploymentId":"${String(deploymentId)}"`))
    await assert.rejects(
      events('list-rules', '--event-bus-name', 'other'),
      /\(ResourceNotFoundException\).*Event bus other does not exist/,
    )
  })

  it('FIFO topics keep each group in order and tell nothing twice', async () => {
    const TopicArn = await topic('ordered.fifo', { FifoTopic: 'true' })
    const { url, arn } = await queue('ordered.fifo')
    await subscribe(TopicArn, arn, { RawMessageDelivery: 'true' })
    const publish = (group: string, n: number): Promise<{ SequenceNumber?: string | undefined }> =>
      sns.send(
        new PublishCommand({
          ...{ TopicArn, Message: `${group}${n}` },
          ...{ MessageGroupId: group, MessageDeduplicationId: `${group}${n}` },
        }),
      )
    const numbers: string[] = []
    let first: string | undefined
    for (let n = 0; n < 10; n++) {
      const answers = await Promise.all([publish('a', n), publish('b', n)])
      first ??= answers[0].SequenceNumber
      numbers.push(...answers.map(({ SequenceNumber = '' }) => SequenceNumber).toSorted())
    }
    assert.deepEqual(numbers, numbers.toSorted())
    assert.equal((await publish('a', 0)).SequenceNumber, first)
    const bodies = (await take(url, 20)).map(({ Body = '' }) => Body)
    for (const group of ['a', 'b']) {
      assert.deepEqual(
        bodies.filter((body) => body.startsWith(group)),
        Array.from({ length: 10 }, (_, n) => `${group}${n}`),
      )
    }
    await assert.rejects(
      sns.send(new PublishCommand({ TopicArn: `${TopicArn}x`, Message: 'x' })),
      NotFoundException,
    )
  })
})
