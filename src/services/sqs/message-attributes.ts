import { createHash, hash as digestOf } from 'node:crypto'
import type { MessageAttributeValue } from '@aws-sdk/client-sqs'
import {
  attributeFault,
  attributesMax,
  type KeptAttribute,
  type KeptAttributes,
} from '../../queue/domain/message-content.ts'
import { invalidParameter } from './errors.ts'

type Given = Readonly<Record<string, MessageAttributeValue>>

/** Checked and ready to be kept. */
export function keptAttributes(given: Given | undefined): KeptAttributes | undefined {
  if (!given) return undefined
  const entries = Object.entries(given)
  if (entries.length === 0) return undefined
  if (entries.length > attributesMax) {
    throw invalidParameter(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${attributesMax}].`,
    )
  }
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const fault = attributeFault(name, value)
      if (fault) throw invalidParameter(fault)
      return [name, keptAttribute(value)]
    }),
  )
}

function keptAttribute({
  DataType,
  StringValue,
  BinaryValue,
}: MessageAttributeValue): KeptAttribute {
  const type = DataType ?? ''
  return type.startsWith('Binary')
    ? { type, binary: Buffer.from(BinaryValue ?? []).toString('base64') }
    : { type, text: StringValue ?? '' }
}

export function givenAttribute({ type, text, binary }: KeptAttribute): MessageAttributeValue {
  return binary === undefined
    ? { DataType: type, StringValue: text ?? '' }
    : { DataType: type, BinaryValue: Buffer.from(binary, 'base64') }
}

/** What attributes add to a message's size. */
export function attributeBytes(attributes: KeptAttributes): number {
  let bytes = 0
  for (const [name, { type, text = '', binary }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(type)
    bytes += binary === undefined ? Buffer.byteLength(text) : Buffer.from(binary, 'base64').length
  }
  return bytes
}

export function md5Of(body: string): string {
  return digestOf('md5', body)
}

/**
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function md5OfAttributes(attributes: KeptAttributes | undefined): string | undefined {
  if (!attributes) return undefined
  const entries = Object.entries(attributes)
  if (entries.length === 0) return undefined
  const hash = createHash('md5')
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hash.update(length).update(bytes)
  }
  for (const [name, { type, text, binary }] of entries.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    add(Buffer.from(name))
    add(Buffer.from(type))
    hash.update(Buffer.from([binary === undefined ? 1 : 2]))
    add(binary === undefined ? Buffer.from(text ?? '') : Buffer.from(binary, 'base64'))
  }
  return hash.digest('hex')
}

/** Those whose names were asked for: a name, `All`, `.*`, or the beginning of names, `order.*`. */
export function chosenAttributes(
  attributes: KeptAttributes,
  names: readonly string[] | undefined,
): KeptAttributes {
  const asked = names ?? []
  const isAsked = (name: string): boolean =>
    asked.some((ask) => {
      if (ask === 'All' || ask === '.*') return true
      return ask.endsWith('.*') ? name.startsWith(ask.slice(0, -2)) : ask === name
    })
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isAsked(name)))
}
