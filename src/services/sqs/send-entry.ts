import type { SendMessageBatchRequestEntry, SendMessageBatchResultEntry } from '@aws-sdk/client-sqs'
import { hasForbiddenCharacters, type KeptAttributes } from '../../queue/domain/message-content.ts'
import type { AppendedMessage } from '../../queue/domain/message.ts'
import { sequenceNumberOf } from '../../queue/domain/receipt.ts'
import type { Queue } from '../../queue/queue.ts'
import { sizeOf, type Sending } from '../../queue/sending.ts'
import type { Request } from '../../wire/service.ts'
import { invalidParameter, missingParameter } from './errors.ts'
import { attributeBytes, keptAttributes, md5Of, md5OfAttributes } from './message-attributes.ts'

type Entry = Omit<SendMessageBatchRequestEntry, 'Id'>

/** The one system attribute that a message may be sent with. */
const traceName = 'AWSTraceHeader'

/** One message on its way in: of SendMessage, or an entry of a batch. */
export interface PreparedEntry {
  readonly sending: Sending
  readonly attributes: KeptAttributes | undefined
  readonly system: KeptAttributes | undefined
}

/** Throws what is wrong with its attributes. */
export function preparedEntry(entry: Entry, request: Request): PreparedEntry {
  const attributes = keptAttributes(entry.MessageAttributes)
  const system = systemAttributes(entry)
  const sending: Sending = {
    body: entry.MessageBody ?? '',
    attributes: attributes && JSON.stringify(attributes),
    attributeBytes: attributes ? attributeBytes(attributes) : 0,
    trace: system?.[traceName]?.text,
    sender: request.principal.userId,
    delaySeconds: entry.DelaySeconds,
    group: entry.MessageGroupId,
    deduplicationId: entry.MessageDeduplicationId,
  }
  return { sending, attributes, system }
}

/** What the sender is told. */
export function sentEntry(
  { settings }: Queue,
  { sending, attributes, system }: PreparedEntry,
  sent: AppendedMessage,
): Omit<SendMessageBatchResultEntry, 'Id'> {
  return {
    MessageId: sent.id,
    MD5OfMessageBody: md5Of(sending.body),
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    MD5OfMessageSystemAttributes: md5OfAttributes(system),
    SequenceNumber: settings.isFifo ? sequenceNumberOf(sent.sequence) : undefined,
  }
}

/** Bytes of a message as the limits count them, checked or not. */
export function entryBytes(entry: Entry): number {
  let bytes = sizeOf({ body: entry.MessageBody ?? '', sender: '' })
  const attributes = entry.MessageAttributes
  if (!attributes) return bytes
  for (const [name, value] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name + (value.DataType ?? '') + (value.StringValue ?? ''))
    bytes += value.BinaryValue?.length ?? 0
  }
  return bytes
}

function systemAttributes({
  MessageSystemAttributes: given,
}: Entry): ReturnType<typeof keptAttributes> {
  if (!given) return undefined
  for (const [name, value] of Object.entries(given)) {
    if (name !== traceName) {
      throw invalidParameter(`Message system attribute name '${name}' is invalid.`)
    }
    if (value.DataType !== 'String') throw invalidParameter(`${traceName} must be a String.`)
    if (!value.StringValue) throw missingParameter(`${traceName}.StringValue`)
    if (hasForbiddenCharacters(value.StringValue)) {
      throw invalidParameter(`The value of ${traceName} holds characters that are not allowed.`)
    }
  }
  const trace = given[traceName]
  if (!trace) return undefined
  return { [traceName]: { type: 'String', text: trace.StringValue ?? '' } }
}
