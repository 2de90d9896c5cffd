import { createHash } from 'node:crypto'
import { uuid, type Random } from '../kernel/random.ts'
import type { NewMessage } from './domain/message.ts'
import {
  forbiddenCharactersText,
  hasForbiddenCharacters,
  isIdentifier,
} from './domain/message-content.ts'
import type { Queue } from './queue.ts'
import { invalidParameter, invalidValue, missingParameter, QueueRefusal } from './refusal.ts'

/** A message as a caller gives it; its attributes are checked and are kept as the text that they are. */
export interface Sending {
  readonly body: string
  /** JSON of `KeptAttributes`. */
  readonly attributes?: string | undefined
  /** Of the attributes: names, types and values. */
  readonly attributeBytes?: number
  readonly trace?: string | undefined
  /** The principal's user id. */
  readonly sender: string
  readonly delaySeconds?: number | undefined
  readonly group?: string | undefined
  readonly deduplicationId?: string | undefined
}

/** AWS: a second message with the same deduplication id is the same one for this long. */
const deduplicationMilliseconds = 5 * 60_000
const delaySecondsMax = 900

export function sizeOf({ body, attributeBytes = 0 }: Sending): number {
  return Buffer.byteLength(body) + attributeBytes
}

/** Throws a `QueueRefusal` when the queue does not take it. */
export function newMessage(
  queue: Queue,
  sending: Sending,
  from: { readonly now: number; readonly random: Random },
): NewMessage {
  const { settings } = queue
  const { body, attributes, trace, sender, group } = sending
  checkContent(queue, sending)
  const delaySeconds = sending.delaySeconds ?? settings.delaySeconds
  const deduplicationId = settings.isFifo ? deduplicationOf(queue, sending) : undefined
  const key = settings.deduplicationScope === 'queue' ? '' : `${group ?? ''} `
  const isMarked = deduplicationId !== undefined
  return {
    queue: queue.key,
    id: uuid(from.random),
    body,
    attributes,
    trace,
    sender,
    sentAt: from.now,
    visibleAt: from.now + delaySeconds * 1000,
    isFifo: settings.isFifo,
    group,
    deduplicationId,
    deduplicationKey: isMarked ? key + deduplicationId : undefined,
    deduplicateUntil: isMarked ? from.now + deduplicationMilliseconds : undefined,
  }
}

function checkContent({ settings }: Queue, sending: Sending): void {
  const { body, delaySeconds, group, deduplicationId } = sending
  if (body === '') throw missingParameter('MessageBody')
  if (hasForbiddenCharacters(body)) {
    throw new QueueRefusal('InvalidMessageContents', forbiddenCharactersText)
  }
  if (sizeOf(sending) > settings.messageBytesMax) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${settings.messageBytesMax} bytes.`,
    )
  }
  if (delaySeconds !== undefined && !isWithin(delaySeconds, delaySecondsMax)) {
    throw invalidValue(
      'DelaySeconds',
      delaySeconds,
      `Must be between 0 and ${delaySecondsMax}, if provided.`,
    )
  }
  if (group !== undefined && !isIdentifier(group)) {
    throw invalidValue(
      'MessageGroupId',
      group,
      'MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    )
  }
  if (deduplicationId !== undefined && !isIdentifier(deduplicationId)) {
    throw invalidValue(
      'MessageDeduplicationId',
      deduplicationId,
      'MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    )
  }
  if (!settings.isFifo) {
    if (deduplicationId !== undefined) {
      throw invalidParameter(
        'The request includes a parameter that is not valid for this queue type: MessageDeduplicationId',
      )
    }
    return
  }
  if (delaySeconds !== undefined && delaySeconds !== 0) {
    throw invalidValue(
      'DelaySeconds',
      delaySeconds,
      'The request include parameter that is not valid for this queue type.',
    )
  }
  if (group === undefined) throw missingParameter('MessageGroupId')
}

export function isWithin(value: number, max: number, min = 0): boolean {
  return Number.isInteger(value) && value >= min && value <= max
}

function deduplicationOf({ settings }: Queue, { body, deduplicationId }: Sending): string {
  if (deduplicationId !== undefined) return deduplicationId
  if (settings.deduplicatesByContent) return createHash('sha256').update(body).digest('hex')
  throw invalidParameter(
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  )
}
