import type { Message } from '@aws-sdk/client-sqs'
import type { KeptAttributes } from '../../queue/domain/message-content.ts'
import type { StoredMessage } from '../../queue/domain/message.ts'
import { receiptOf, sequenceNumberOf } from '../../queue/domain/receipt.ts'
import type { Queue } from '../../queue/queue.ts'
import { invalidAttributeName } from './errors.ts'
import { chosenAttributes, givenAttribute, md5Of, md5OfAttributes } from './message-attributes.ts'

export interface Asked {
  /** AttributeNames and MessageSystemAttributeNames. */
  readonly system: readonly string[]
  readonly own: readonly string[] | undefined
}

const systemNames = [
  'ApproximateFirstReceiveTimestamp',
  'ApproximateReceiveCount',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
  'MessageDeduplicationId',
  'MessageGroupId',
  'SenderId',
  'SentTimestamp',
  'SequenceNumber',
]

export function checkSystemNames(names: readonly string[]): void {
  const unknown = names.find((name) => name !== 'All' && !systemNames.includes(name))
  if (unknown !== undefined) throw invalidAttributeName(unknown)
}

/** A delivery as SQS writes it. */
export function receivedMessage(queue: Queue, message: StoredMessage, asked: Asked): Message {
  const kept =
    message.attributes === undefined ? {} : (JSON.parse(message.attributes) as KeptAttributes)
  const chosen = chosenAttributes(kept, asked.own)
  const md5 = md5OfAttributes(chosen)
  const system = systemAttributes(queue, message, asked.system)
  return {
    MessageId: message.id,
    ReceiptHandle: receiptOf(message),
    MD5OfBody: md5Of(message.body),
    Body: message.body,
    ...(Object.keys(system).length > 0 ? { Attributes: system } : {}),
    ...(md5 === undefined
      ? {}
      : {
          MD5OfMessageAttributes: md5,
          MessageAttributes: Object.fromEntries(
            Object.entries(chosen).map(([name, value]) => [name, givenAttribute(value)]),
          ),
        }),
  }
}

function systemAttributes(
  { settings }: Queue,
  message: StoredMessage,
  asked: readonly string[],
): Record<string, string> {
  const { trace, sourceArn, deduplicationId, group } = message
  const all: Record<string, string | undefined> = {
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ApproximateReceiveCount: String(message.receiveCount),
    AWSTraceHeader: trace,
    DeadLetterQueueSourceArn: sourceArn,
    MessageDeduplicationId: deduplicationId,
    MessageGroupId: group,
    SenderId: message.sender,
    SentTimestamp: String(message.sentAt),
    SequenceNumber: settings.isFifo ? sequenceNumberOf(message.sequence) : undefined,
  }
  const isAsked = (name: string): boolean => asked.includes('All') || asked.includes(name)
  return Object.fromEntries(
    Object.entries(all).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && isAsked(entry[0]),
    ),
  )
}
