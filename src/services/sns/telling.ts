import { createHash } from 'node:crypto'
import type { MessageAttributeValue, PublishInput } from '@aws-sdk/client-sns'
import {
  attributeFault,
  hasForbiddenCharacters,
  isIdentifier,
} from '../../queue/domain/message-content.ts'
import { parsed } from '../../topics/domain/filter-policy.ts'
import type { MessageAttribute, MessageAttributes } from '../../topics/domain/message.ts'
import { isObject } from '../../topics/domain/pattern.ts'
import type { Telling } from '../../topics/publisher.ts'
import type { Topic } from '../../topics/topic.ts'
import { invalidParameter, invalidParameterValue } from './errors.ts'

type Entry = Pick<
  PublishInput,
  | 'Message'
  | 'Subject'
  | 'MessageStructure'
  | 'MessageAttributes'
  | 'MessageDeduplicationId'
  | 'MessageGroupId'
>

/** AWS: a message with its attributes, and all messages of a batch together. */
export const messageBytesMax = 262_144
const subjectCharactersMax = 100

/** What Publish, or an entry of a batch, gives to be told; checked. */
export function tellingOf(topic: Topic, entry: Entry): Telling {
  const { Message: message = '', Subject: subject } = entry
  if (message === '') throw invalidParameter('Empty message')
  if (hasForbiddenCharacters(message)) {
    throw invalidParameter('Message Reason: it holds characters that are not allowed')
  }
  if (entryBytes(entry) > messageBytesMax) throw invalidParameter('Message too long')
  if (subject !== undefined && !isSubject(subject)) throw invalidParameter('Subject')
  return {
    bodies: bodiesOf(message, entry.MessageStructure),
    subject,
    attributes: keptAttributes(entry.MessageAttributes),
    group: groupOf(topic, entry),
    deduplicationId: deduplicationOf(topic, entry),
  }
}

export function entryBytes({ Message = '', MessageAttributes = {} }: Entry): number {
  let bytes = Buffer.byteLength(Message)
  for (const [name, value] of Object.entries(MessageAttributes)) {
    bytes += Buffer.byteLength(name + (value.DataType ?? '') + (value.StringValue ?? ''))
    bytes += value.BinaryValue?.length ?? 0
  }
  return bytes
}

/** AWS: one line that begins with a letter, a digit or punctuation. */
function isSubject(subject: string): boolean {
  const isShort = subject.length > 0 && subject.length <= subjectCharactersMax
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  return isShort && !/[\u0000-\u001f\u007f]/.test(subject) && !/^\s/.test(subject)
}

function bodiesOf(
  message: string,
  structure: string | undefined,
): Readonly<Record<string, string>> {
  if (structure === undefined || structure === '') return { default: message }
  if (structure !== 'json') throw invalidParameter('MessageStructure')
  const bodies = parsed(message)
  if (!isObject(bodies)) {
    throw invalidParameter('Message Structure - JSON message body failed to parse')
  }
  const texts = Object.entries(bodies).filter(([, text]) => typeof text === 'string')
  if (!texts.some(([protocol]) => protocol === 'default')) {
    throw invalidParameter('Message Structure - No default entry in JSON message body')
  }
  return Object.fromEntries(texts) as Record<string, string>
}

function keptAttributes(
  given: Readonly<Record<string, MessageAttributeValue>> | undefined,
): MessageAttributes {
  return Object.fromEntries(
    Object.entries(given ?? {}).map(([name, value]) => [name, keptAttribute(name, value)]),
  )
}

function keptAttribute(name: string, value: MessageAttributeValue): MessageAttribute {
  const fault = attributeFault(name, value)
  if (fault !== undefined) throw invalidParameterValue(fault)
  const { DataType: type = '', StringValue: text = '', BinaryValue: binary } = value
  if (type === 'String.Array' && !Array.isArray(parsed(text))) {
    throw invalidParameterValue(`The message attribute '${name}' is no JSON array.`)
  }
  return type.startsWith('Binary')
    ? { type, binary: Buffer.from(binary ?? []).toString('base64') }
    : { type, text }
}

function groupOf({ isFifo }: Topic, { MessageGroupId: group }: Entry): string | undefined {
  if (group === undefined || group === '') {
    if (isFifo) throw invalidParameter('The MessageGroupId parameter is required for FIFO topics')
    return undefined
  }
  if (!isIdentifier(group)) throw invalidParameter('MessageGroupId')
  return group
}

function deduplicationOf({ isFifo, attributes }: Topic, entry: Entry): string | undefined {
  const { MessageDeduplicationId: given, Message: message = '' } = entry
  if (given !== undefined && given !== '') {
    if (!isFifo) {
      throw invalidParameter(
        'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
      )
    }
    if (!isIdentifier(given)) throw invalidParameter('MessageDeduplicationId')
    return given
  }
  if (!isFifo) return undefined
  if (attributes['ContentBasedDeduplication'] !== 'true') {
    throw invalidParameter(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    )
  }
  return createHash('sha256').update(message).digest('hex')
}
