import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startPlatform, type Platform } from '../harness/platform.ts'
import { form, json, raw, type RawAnswer } from '../harness/raw-request.ts'

type Fields = Readonly<Record<string, unknown>>

/** One documented error: how it is provoked, and what both protocols say. `legacy` is the query protocol's code where it differs. */
interface Case {
  readonly operation: string
  readonly input: Fields
  readonly code: string
  readonly legacy?: string
  readonly status?: number
  readonly message: RegExp
}

/**
 * SQS's documented errors that can be raised here. Not raised: Kms… and InvalidSecurity (nothing is encrypted), RequestThrottled (nothing
 * throttles), OverLimit (120,000 messages in flight: a unit test).
 */
function messageErrors(url: string): readonly Case[] {
  const QueueUrl = url
  const fifo = url.replace('kept', 'kept.fifo')
  const simple = (name: string): string => `AWS.SimpleQueueService.${name}`
  const entry = (Id: string, MessageBody = 'x'): Fields => ({ Id, MessageBody })
  const arn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`
  const invalid = { code: 'InvalidParameterValue' }
  const batch = { operation: 'SendMessageBatch' }
  const send = { operation: 'SendMessage' }
  const receive = { operation: 'ReceiveMessage' }
  const create = { operation: 'CreateQueue' }
  const set = { operation: 'SetQueueAttributes' }
  const redrive = (more: Fields): string =>
    JSON.stringify({ deadLetterTargetArn: arn('none'), ...more })
  const perGroup = 'perMessageGroupId'
  return [
    {
      ...{ operation: 'GetQueueUrl', input: { QueueName: 'none' } },
      ...{ code: 'QueueDoesNotExist', legacy: simple('NonExistentQueue') },
      message: /^The specified queue does not exist/,
    },
    {
      ...{ ...send, input: { QueueUrl: url.replace('kept', 'none'), MessageBody: 'x' } },
      ...{ code: 'QueueDoesNotExist', legacy: simple('NonExistentQueue') },
      message: /^The specified queue does not exist/,
    },
    {
      ...{ ...create, input: { QueueName: 'kept', Attributes: { DelaySeconds: '9' } } },
      ...{ code: 'QueueNameExists', legacy: 'QueueAlreadyExists' },
      message: /^A queue already exists with the same name and a different value for attribute/,
    },
    {
      ...{ ...create, input: { QueueName: 'a b' }, ...invalid },
      message: /Can only include alphanumeric characters, hyphens, or underscores/,
    },
    {
      ...{ ...create, input: { QueueName: 'new', Attributes: { Nonsense: '1' } } },
      ...{ code: 'InvalidAttributeName', message: /^Unknown Attribute Nonsense/ },
    },
    {
      ...{ ...create, input: { QueueName: 'new', Attributes: { VisibilityTimeout: '43201' } } },
      ...{ code: 'InvalidAttributeValue', message: /VisibilityTimeout/ },
    },
    {
      ...{ operation: 'GetQueueAttributes', input: { QueueUrl, AttributeNames: ['Nonsense'] } },
      ...{ code: 'InvalidAttributeName', message: /^Unknown Attribute Nonsense/ },
    },
    {
      ...{ ...send, input: { QueueUrl: 'http://127.0.0.1/kept', MessageBody: 'x' } },
      ...{ code: 'InvalidAddress', status: 404, message: /is not valid for this endpoint/ },
    },
    {
      ...{ ...send, input: { QueueUrl }, code: 'MissingParameter' },
      message: /^The request must contain the parameter MessageBody/,
    },
    {
      ...{ ...send, input: { QueueUrl, MessageBody: 'a\u0001b' }, code: 'InvalidMessageContents' },
      message: /Valid unicode characters are #x9/,
    },
    {
      ...{ ...send, input: { QueueUrl, MessageBody: 'x'.repeat(1_048_577) }, ...invalid },
      message: /Reason: Message must be shorter than 1048576 bytes/,
    },
    {
      ...{ ...send, input: { QueueUrl, MessageBody: 'x', DelaySeconds: 901 }, ...invalid },
      message: /^Value 901 for parameter DelaySeconds is invalid. Reason: /,
    },
    {
      ...{ ...send, input: { QueueUrl: fifo, MessageBody: 'x' }, code: 'MissingParameter' },
      message: /^The request must contain the parameter MessageGroupId/,
    },
    {
      ...{ ...send, input: { QueueUrl: fifo, MessageBody: 'x', MessageGroupId: 'g' }, ...invalid },
      message: /either have ContentBasedDeduplication enabled or MessageDeduplicationId provided/,
    },
    {
      ...{ ...batch, input: { QueueUrl, Entries: [] } },
      ...{ code: 'EmptyBatchRequest', legacy: simple('EmptyBatchRequest') },
      message: /^There should be at least one \w+ in the request/,
    },
    {
      ...{ ...batch, input: { QueueUrl, Entries: '0123456789a'.split('').map((id) => entry(id)) } },
      ...{ code: 'TooManyEntriesInBatchRequest', legacy: simple('TooManyEntriesInBatchRequest') },
      message: /^Maximum number of entries per request are 10. You have sent 11/,
    },
    {
      ...{ ...batch, input: { QueueUrl, Entries: [entry('a'), entry('a')] } },
      ...{ code: 'BatchEntryIdsNotDistinct', legacy: simple('BatchEntryIdsNotDistinct') },
      message: /^Id a repeated/,
    },
    {
      ...{ ...batch, input: { QueueUrl, Entries: [entry('a b')] } },
      ...{ code: 'InvalidBatchEntryId', legacy: simple('InvalidBatchEntryId') },
      message:
        /^A batch entry id can only contain alphanumeric characters, hyphens and underscores/,
    },
    {
      ...batch,
      input: {
        QueueUrl,
        Entries: [entry('a', 'x'.repeat(600_000)), entry('b', 'x'.repeat(600_000))],
      },
      ...{ code: 'BatchRequestTooLong', legacy: simple('BatchRequestTooLong') },
      message: /^Batch requests cannot be longer than 1048576 bytes. You have sent 1200000 bytes/,
    },
    {
      ...{ ...receive, input: { QueueUrl, MaxNumberOfMessages: 11 }, ...invalid },
      message: /^Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1/,
    },
    {
      ...{ ...receive, input: { QueueUrl, WaitTimeSeconds: 21 }, ...invalid },
      message: /^Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20/,
    },
    {
      ...{ ...receive, input: { QueueUrl, VisibilityTimeout: 43_201 }, ...invalid },
      message: /^Value 43201 for parameter VisibilityTimeout is invalid/,
    },
    {
      ...{ operation: 'DeleteMessage', input: { QueueUrl, ReceiptHandle: 'nonsense' } },
      ...{ code: 'ReceiptHandleIsInvalid', status: 404 },
      message: /^The input receipt handle \\?"nonsense\\?" is not a valid receipt handle/,
    },
    {
      operation: 'ChangeMessageVisibility',
      input: { QueueUrl, ReceiptHandle: 'nonsense', VisibilityTimeout: 1 },
      ...{ code: 'ReceiptHandleIsInvalid', status: 404 },
      message: /is not a valid receipt handle/,
    },
    {
      ...{ operation: 'DeleteMessage', input: { QueueUrl, ReceiptHandle: '' } },
      ...{ code: 'MissingParameter', message: /^The request must contain the parameter Receipt/ },
    },
    {
      ...{ ...create, input: { QueueName: 'deleted' } },
      ...{ code: 'QueueDeletedRecently', legacy: simple('QueueDeletedRecently') },
      message: /^You must wait 60 seconds after deleting a queue before you can create another/,
    },
    {
      ...{ ...create, input: { QueueName: 'new', Attributes: { KmsMasterKeyId: 'k' } } },
      ...{ code: 'InvalidAttributeValue', message: /KmsMasterKeyId.*not encrypted at rest/ },
    },
    {
      ...{ ...create, input: { QueueName: 'new', Attributes: { FifoQueue: 'false' } } },
      ...{ code: 'InvalidAttributeName', message: /^Unknown Attribute FifoQueue/ },
    },
    {
      ...{ ...set, input: { QueueUrl, Attributes: { RedrivePolicy: '[]' } }, ...invalid },
      message: /parameter RedrivePolicy is invalid. Reason: Redrive policy is not a valid JSON map/,
    },
    {
      ...{ ...set, input: { QueueUrl, Attributes: { RedrivePolicy: redrive({}) } }, ...invalid },
      message: /Redrive policy does not contain mandatory attribute: maxReceiveCount/,
    },
    {
      ...set,
      input: { QueueUrl, Attributes: { RedrivePolicy: redrive({ maxReceiveCount: 1001 }) } },
      ...invalid,
      message: /Invalid value for maxReceiveCount: 1001, valid values are from 1 to 1000 both incl/,
    },
    {
      ...set,
      input: { QueueUrl, Attributes: { RedrivePolicy: redrive({ maxReceiveCount: '3' }) } },
      ...{ ...invalid, message: /Reason: Dead letter target does not exist/ },
    },
    {
      ...{ ...set, input: { QueueUrl: fifo, Attributes: { FifoQueue: 'true' } } },
      ...{ code: 'InvalidAttributeValue', message: /Modifying queue type is not supported/ },
    },
    {
      ...{ ...set, input: { QueueUrl: fifo, Attributes: { FifoThroughputLimit: perGroup } } },
      ...{ code: 'InvalidAttributeValue', message: /needs DeduplicationScope messageGroup/ },
    },
    {
      ...{ ...send, input: { QueueUrl, MessageBody: 'x', MessageDeduplicationId: 'd' } },
      ...{ ...invalid, message: /not valid for this queue type: MessageDeduplicationId/ },
    },
    {
      ...{ ...receive, input: { QueueUrl, ReceiveRequestAttemptId: 'a' }, ...invalid },
      message: /not valid for this queue type: ReceiveRequestAttemptId/,
    },
    {
      ...send,
      input: { QueueUrl: fifo, MessageBody: 'x', MessageGroupId: 'g', DelaySeconds: 5 },
      ...invalid,
      message: /^Value 5 for parameter DelaySeconds is invalid. Reason: The request include param/,
    },
    {
      ...{ operation: 'ListMessageMoveTasks', input: { SourceArn: arn('none') } },
      ...{ code: 'ResourceNotFoundException', status: 404, message: /SourceArn/ },
    },
    {
      ...{ operation: 'CancelMessageMoveTask', input: { TaskHandle: 'nonsense' }, ...invalid },
      message: /TaskHandle is invalid/,
    },
    {
      ...{ operation: 'RemovePermission', input: { QueueUrl, Label: 'none' }, ...invalid },
      message: /can't find label on existing policy/,
    },
    {
      ...{ operation: 'ListQueues', input: { MaxResults: 1001 }, ...invalid },
      message: /MaxResults is invalid/,
    },
    {
      ...{ operation: 'StartMessageMoveTask', input: { SourceArn: arn('none') } },
      ...{ code: 'ResourceNotFoundException', status: 404 },
      message: /^The resource that you specified for the SourceArn parameter doesn't exist/,
    },
    {
      ...{ operation: 'StartMessageMoveTask', input: { SourceArn: arn('kept') }, ...invalid },
      message: /^Source queue must be configured as a Dead Letter Queue/,
    },
  ]
}

const lists: Readonly<Record<string, string>> = { AttributeNames: 'AttributeName' }

/** The input as SQS's query protocol has it: lists and maps flattened. */
function pairsOf(operation: string, input: Fields): Record<string, string> {
  const pairs: Record<string, string> = { Action: operation, Version: '2012-11-05' }
  for (const [name, value] of Object.entries(input)) {
    if (name === 'Entries') {
      for (const [n, one] of (value as readonly Fields[]).entries()) {
        for (const [member, text] of Object.entries(one)) {
          pairs[`${operation}RequestEntry.${n + 1}.${member}`] = String(text)
        }
      }
    } else if (Array.isArray(value)) {
      value.forEach((one, n) => (pairs[`${lists[name]}.${n + 1}`] = String(one)))
    } else if (typeof value === 'object' && value !== null) {
      Object.entries(value).forEach(([key, text], n) => {
        pairs[`Attribute.${n + 1}.Name`] = key
        pairs[`Attribute.${n + 1}.Value`] = String(text)
      })
    } else pairs[name] = String(value)
  }
  return pairs
}

/** XML's own characters, as they were. */
function textOf(escaped: string): string {
  const characters: Readonly<Record<string, string>> = {
    quot: '"',
    gt: '>',
    lt: '<',
    apos: "'",
    amp: '&',
  }
  return escaped.replaceAll(/&(quot|gt|lt|apos|amp);/g, (_, name: string) => characters[name] ?? '')
}

describe('the documented errors of queues and metrics', () => {
  let platform: Platform
  let queueUrl = ''

  before(async () => {
    platform = await startPlatform()
    const made = await queues('CreateQueue', { QueueName: 'kept' })
    queueUrl = (JSON.parse(made.body) as { QueueUrl: string }).QueueUrl
    await queues('CreateQueue', { QueueName: 'kept.fifo', Attributes: { FifoQueue: 'true' } })
    await queues('CreateQueue', { QueueName: 'deleted' })
    await queues('DeleteQueue', { QueueUrl: queueUrl.replace('kept', 'deleted') })
  })
  after(async () => {
    await platform?.stop()
  })

  function queues(operation: string, input: Fields): Promise<RawAnswer> {
    return raw(platform, {
      ...json('sqs', `AmazonSQS.${operation}`, JSON.stringify(input)),
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `AmazonSQS.${operation}`,
      },
    })
  }

  it('each of SQS comes in the JSON protocol, with the older code beside it', async () => {
    for (const one of messageErrors(queueUrl)) {
      const { code, legacy = code, status = 400 } = one
      const answer = await queues(one.operation, one.input)
      const what = `${one.operation} ${JSON.stringify(one.input).slice(0, 100)}: ${answer.body}`
      assert.equal(`${answer.status} ${answer.code}`, `${status} ${code}`, what)
      assert.match(answer.message, one.message, what)
      assert.equal(answer.headers['x-amzn-query-error'], `${legacy};Sender`, what)
    }
  })

  it('and in the query protocol', async () => {
    for (const one of messageErrors(queueUrl)) {
      const { code, legacy = code, status = 400 } = one
      const answer = await raw(platform, form('sqs', pairsOf(one.operation, one.input)))
      const what = `${one.operation} ${JSON.stringify(one.input).slice(0, 100)}: ${answer.body}`
      // An empty list cannot be said in a form.
      const isMissing = code === 'EmptyBatchRequest' && answer.code === 'MissingParameter'
      if (isMissing) continue
      assert.equal(`${answer.status} ${answer.code}`, `${status} ${legacy}`, what)
      assert.match(textOf(answer.message), one.message, what)
    }
  })

  it('a purge is refused within a minute of the last, a visibility change when nothing is in flight', async () => {
    assert.equal((await queues('PurgeQueue', { QueueUrl: queueUrl })).status, 200)
    const again = await queues('PurgeQueue', { QueueUrl: queueUrl })
    assert.equal(`${again.status} ${again.code}`, '403 PurgeQueueInProgress')
    assert.match(
      again.message,
      /^Only one PurgeQueue operation on kept is allowed every 60 seconds/,
    )
    await queues('SendMessage', { QueueUrl: queueUrl, MessageBody: 'x' })
    const given = await queues('ReceiveMessage', { QueueUrl: queueUrl, VisibilityTimeout: 0 })
    const [message] = (JSON.parse(given.body) as { Messages: { ReceiptHandle: string }[] }).Messages
    const late = await queues('ChangeMessageVisibility', {
      ...{ QueueUrl: queueUrl, VisibilityTimeout: 5 },
      ReceiptHandle: message?.ReceiptHandle,
    })
    assert.equal(`${late.status} ${late.code}`, '400 MessageNotInflight')
    assert.equal(
      late.headers['x-amzn-query-error'],
      'AWS.SimpleQueueService.MessageNotInflight;Sender',
    )
  })

  it('each of CloudWatch comes with its code', async () => {
    const alarm = {
      ...{ AlarmName: 'a', Namespace: 'N', MetricName: 'M', Statistic: 'Sum', Period: '60' },
      ...{ EvaluationPeriods: '1', Threshold: '1', ComparisonOperator: 'GreaterThanThreshold' },
    }
    const stats = {
      ...{ Namespace: 'N', MetricName: 'M', Period: '60', 'Statistics.member.1': 'Sum' },
      ...{ StartTime: '2026-01-01T00:00:00Z', EndTime: '2026-01-01T01:00:00Z' },
    }
    const datum = (members: Readonly<Record<string, string>>): Record<string, string> => ({
      Namespace: 'N',
      ...Object.fromEntries(
        Object.entries(members).map(([name, value]) => [`MetricData.member.1.${name}`, value]),
      ),
    })
    const cases: readonly (readonly [
      operation: string,
      members: Readonly<Record<string, string>>,
      expected: string,
      message: RegExp,
    ])[] = [
      ['PutMetricData', datum({ Value: '1' }), '400 MissingParameter', /MetricName/],
      ['PutMetricData', datum({ MetricName: 'M' }), '400 MissingParameter', /Value/],
      [
        'PutMetricData',
        datum({ MetricName: 'M', Value: '1', Unit: 'Bananas' }),
        '400 InvalidParameterValue',
        /Bananas/,
      ],
      [
        'PutMetricData',
        datum({ MetricName: 'M', Value: '1', StorageResolution: '2' }),
        '400 InvalidParameterValue',
        /must be 1 or 60/,
      ],
      [
        'PutMetricData',
        datum({ MetricName: 'M', Value: '1', 'Values.member.1': '1' }),
        '400 InvalidParameterCombination',
        /mutually exclusive/,
      ],
      [
        'PutMetricData',
        datum({ MetricName: 'M', Value: '1', Timestamp: '2020-01-01T00:00:00Z' }),
        '400 InvalidParameterValue',
        /Timestamp/,
      ],
      [
        'GetMetricStatistics',
        { ...stats, EndTime: stats.StartTime },
        '400 InvalidParameterCombination',
        /StartTime must be less than the parameter EndTime/,
      ],
      ['GetMetricStatistics', { ...stats, Period: '7' }, '400 InvalidParameterValue', /Period/],
      [
        'GetMetricStatistics',
        { ...stats, EndTime: '2026-02-01T00:00:00Z' },
        '400 InvalidParameterCombination',
        /1,?440/,
      ],
      ['PutMetricAlarm', { ...alarm, Period: '7' }, '400 ValidationError', /Period/],
      [
        'PutMetricAlarm',
        { ...alarm, DatapointsToAlarm: '2' },
        '400 ValidationError',
        /less than or equal to EvaluationPeriods/,
      ],
      [
        'PutMetricAlarm',
        { ...alarm, 'AlarmActions.member.1': 'arn:aws:automate:us-east-1:ec2:explode' },
        '400 ValidationError',
        /AlarmActions/,
      ],
      [
        'PutMetricAlarm',
        { ...alarm, ComparisonOperator: 'Near' },
        '400 InvalidParameterValue',
        /Near/,
      ],
      [
        'SetAlarmState',
        { AlarmName: 'none', StateValue: 'OK', StateReason: 'r' },
        '404 ResourceNotFound',
        /./,
      ],
      [
        'SetAlarmState',
        { AlarmName: 'none', StateValue: 'OK', StateReason: 'r', StateReasonData: '{' },
        '400 InvalidFormat',
        /./,
      ],
      ['DescribeAlarms', { NextToken: 'nonsense' }, '400 InvalidNextToken', /./],
      ['ListMetrics', { NextToken: 'nonsense' }, '400 InvalidNextToken', /./],
      ['DescribeAlarms', { MaxRecords: '101' }, '400 InvalidParameterValue', /MaxRecords/],
      [
        'ListTagsForResource',
        { ResourceARN: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:none' },
        '404 ResourceNotFoundException',
        /./,
      ],
      [
        'PutCompositeAlarm',
        { AlarmName: 'c', AlarmRule: 'ALARM(' },
        '400 ValidationError',
        /AlarmRule/,
      ],
      [
        'PutCompositeAlarm',
        { AlarmName: 'c', AlarmRule: 'ALARM(none)' },
        '400 ValidationError',
        /do not exist/,
      ],
    ]
    for (const [operation, members, expected, message] of cases) {
      const pairs = { Action: operation, Version: '2010-08-01', ...members }
      const answer = await raw(platform, form('monitoring', pairs))
      const what = `${operation} ${JSON.stringify(members)}: ${answer.body}`
      assert.equal(`${answer.status} ${answer.code}`, expected, what)
      assert.match(answer.message, message, what)
    }
  })

  it('a queue is found by the path of a query request, as older clients post it', async () => {
    const { pathname } = new URL(queueUrl)
    const sent = { Action: 'SendMessage', Version: '2012-11-05', MessageBody: 'by path' }
    const answer = await raw(platform, { ...form('sqs', sent), path: pathname })
    assert.equal(answer.status, 200, answer.body)
    const asked = new URLSearchParams({ Action: 'GetQueueAttributes', 'AttributeName.1': 'All' })
    const got = await raw(platform, {
      ...{ service: 'sqs', method: 'GET', path: `${pathname}?${asked.toString()}` },
    })
    assert.match(got.body, /<Name>QueueArn<\/Name><Value>arn:aws:sqs:us-east-1:\d+:kept<\/Value>/)
  })
})
