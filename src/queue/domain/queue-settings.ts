import {
  readRedrive,
  readRedriveAllow,
  redriveFault,
  type Redrive,
  type RedriveAllow,
} from './redrive.ts'

/** A queue's attributes, read. Seconds and bytes. */
export interface QueueSettings {
  readonly isFifo: boolean
  readonly visibilitySeconds: number
  readonly delaySeconds: number
  readonly retentionSeconds: number
  readonly waitSeconds: number
  readonly messageBytesMax: number
  readonly deduplicatesByContent: boolean
  readonly deduplicationScope: 'queue' | 'messageGroup'
  readonly redrive: Redrive | undefined
  readonly redriveAllow: RedriveAllow
}

interface NumberRule {
  readonly min: number
  readonly max: number
  readonly usual: number
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const numbers: Readonly<Record<string, NumberRule>> = {
  VisibilityTimeout: { min: 0, max: 43_200, usual: 30 },
  DelaySeconds: { min: 0, max: 900, usual: 0 },
  MessageRetentionPeriod: { min: 60, max: 1_209_600, usual: 345_600 },
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20, usual: 0 },
  MaximumMessageSize: { min: 1024, max: 1_048_576, usual: 1_048_576 },
}

const choices: Readonly<Record<string, readonly string[]>> = {
  FifoQueue: ['true'],
  ContentBasedDeduplication: ['true', 'false'],
  DeduplicationScope: ['queue', 'messageGroup'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
}

/** Attributes of FIFO queues alone, with what they are when nobody says. */
export const fifoDefaults: Readonly<Record<string, string>> = {
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  FifoThroughputLimit: 'perQueue',
}

export const numberNames: readonly string[] = Object.keys(numbers)
const texts = ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy']

/** What is written for an attribute that was not set. */
export function usualValue(name: string): string | undefined {
  const rule = numbers[name]
  return rule && String(rule.usual)
}

export type AttributeFault =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'value'; readonly name: string; readonly reason?: string }
  /** What AWS calls an invalid parameter, and not an invalid attribute. */
  | { readonly kind: 'parameter'; readonly name: string; readonly reason: string }

/** The first thing that is wrong with the attributes that a caller sets on a queue; `isFifo` is what its name says. */
export function faultOf(
  given: Readonly<Record<string, string>>,
  queue: { readonly isFifo: boolean; readonly isNew: boolean },
): AttributeFault | undefined {
  for (const [name, value] of Object.entries(given)) {
    const fault = faultOfOne(name, value, queue)
    if (fault) return fault
  }
  return undefined
}

function faultOfOne(
  name: string,
  value: string,
  { isFifo, isNew }: { isFifo: boolean; isNew: boolean },
): AttributeFault | undefined {
  const wrong: AttributeFault = { kind: 'value', name }
  const number = numbers[name]
  if (number) {
    const isWithin = /^\d{1,9}$/.test(value) && +value >= number.min && +value <= number.max
    return isWithin ? undefined : wrong
  }
  if (name === 'SqsManagedSseEnabled' || name.startsWith('Kms')) {
    return value === '' || value === 'false'
      ? undefined
      : { kind: 'value', name, reason: 'messages are not encrypted at rest here' }
  }
  if (texts.includes(name)) return faultOfText(name, value)
  const allowed = choices[name]
  if (!allowed) return { kind: 'name', name }
  if (name === 'FifoQueue' && !isNew) {
    return { kind: 'value', name, reason: 'Modifying queue type is not supported.' }
  }
  if (!isFifo) return { kind: 'name', name }
  return allowed.includes(value) ? undefined : wrong
}

function faultOfText(name: string, value: string): AttributeFault | undefined {
  if (value === '') return undefined
  const wrong: AttributeFault = { kind: 'value', name }
  if (name === 'Policy') return isPolicy(value) ? undefined : wrong
  if (name === 'RedriveAllowPolicy') return readRedriveAllow(value) ? undefined : wrong
  const reason = redriveFault(value)
  return reason === undefined ? undefined : { kind: 'parameter', name, reason }
}

/** A policy is kept, and not enforced: it must be a document with statements. */
function isPolicy(text: string): boolean {
  const document = parsed(text)
  if (!document) return false
  const statements = [document['Statement']].flat()
  return (
    statements.length > 0 &&
    statements.every(
      (statement: unknown) =>
        typeof statement === 'object' &&
        statement !== null &&
        'Effect' in statement &&
        (statement.Effect === 'Allow' || statement.Effect === 'Deny') &&
        ('Action' in statement || 'NotAction' in statement) &&
        ('Principal' in statement || 'NotPrincipal' in statement),
    )
  )
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** An empty text takes an attribute back. */
export function mergedAttributes(
  current: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const merged = Object.entries({ ...current, ...given })
  return Object.fromEntries(merged.filter(([, value]) => value !== ''))
}

export function settingsOf(attributes: Readonly<Record<string, string>>): QueueSettings {
  const number = (name: string): number => Number(attributes[name] ?? usualValue(name))
  return {
    isFifo: attributes['FifoQueue'] === 'true',
    visibilitySeconds: number('VisibilityTimeout'),
    delaySeconds: number('DelaySeconds'),
    retentionSeconds: number('MessageRetentionPeriod'),
    waitSeconds: number('ReceiveMessageWaitTimeSeconds'),
    messageBytesMax: number('MaximumMessageSize'),
    deduplicatesByContent: attributes['ContentBasedDeduplication'] === 'true',
    deduplicationScope:
      attributes['DeduplicationScope'] === 'messageGroup' ? 'messageGroup' : 'queue',
    redrive: readRedrive(attributes['RedrivePolicy'] ?? ''),
    redriveAllow: readRedriveAllow(attributes['RedriveAllowPolicy'] ?? '') ?? { kind: 'allowAll' },
  }
}
