import type { SendMessageBatchRequestEntry, SendMessageBatchResultEntry } from '@aws-sdk/client-sqs'
import { sequenceNumberOf } from '../../queue/domain/receipt.ts'
import type { Queue } from '../../queue/queue.ts'
import { sizeOf, type Sending } from '../../queue/sending.ts'
import type { Request } from '../../wire/service.ts'
import { invalidParameter, missingParameter } from './errors.ts'
import { attributeBytes, keptAttributes, md5Of, md5OfAttributes } from './message-attributes.ts'
import type { SqsDeps } from './service-deps.ts'

type Entry = Omit<SendMessageBatchRequestEntry, 'Id'>

/** The one system attribute that a message may be sent with. */
const traceName = 'AWSTraceHeader'

/** One message on its way in: of SendMessage, or an entry of a batch. */
export async function sendEntry(
  { queues }: SqsDeps,
  queue: Queue,
  { entry, request }: { entry: Entry; request: Request },
): Promise<Omit<SendMessageBatchResultEntry, 'Id'>> {
  const attributes = keptAttributes(entry.MessageAttributes)
  const system = systemAttributes(entry)
  const trace = system?.[traceName]?.text
  const sent = await queues.send(queue, {
    body: entry.MessageBody ?? '',
    attributes: attributes && JSON.stringify(attributes),
    attributeBytes: attributeBytes(attributes),
    trace,
    sender: request.principal.userId,
    delaySeconds: entry.DelaySeconds,
    group: entry.MessageGroupId,
    deduplicationId: entry.MessageDeduplicationId,
  })
  const attributesMd5 = md5OfAttributes(attributes)
  const systemMd5 = md5OfAttributes(system)
  return {
    MessageId: sent.id,
    MD5OfMessageBody: md5Of(entry.MessageBody ?? ''),
    ...(attributesMd5 === undefined ? {} : { MD5OfMessageAttributes: attributesMd5 }),
    ...(systemMd5 === undefined ? {} : { MD5OfMessageSystemAttributes: systemMd5 }),
    ...(queue.settings.isFifo ? { SequenceNumber: sequenceNumberOf(sent.sequence) } : {}),
  }
}

/** Bytes of a message as the limits count them, checked or not. */
export function entryBytes(entry: Entry): number {
  const sending: Sending = { body: entry.MessageBody ?? '', sender: '' }
  let bytes = sizeOf(sending)
  for (const [name, value] of Object.entries(entry.MessageAttributes ?? {})) {
    bytes += Buffer.byteLength(name + (value.DataType ?? '') + (value.StringValue ?? ''))
    bytes += value.BinaryValue?.length ?? 0
  }
  return bytes
}

function systemAttributes(entry: Entry): ReturnType<typeof keptAttributes> {
  const given = entry.MessageSystemAttributes ?? {}
  for (const [name, value] of Object.entries(given)) {
    if (name !== traceName) {
      throw invalidParameter(`Message system attribute name '${name}' is invalid.`)
    }
    if (value.DataType !== 'String') throw invalidParameter(`${traceName} must be a String.`)
    if (!value.StringValue) throw missingParameter(`${traceName}.StringValue`)
  }
  const trace = given[traceName]
  if (!trace) return undefined
  return { [traceName]: { type: 'String', text: trace.StringValue ?? '' } }
}
