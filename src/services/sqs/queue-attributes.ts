import { fifoDefaults, numberNames, usualValue } from '../../queue/domain/queue-settings.ts'
import type { MessageCounts } from '../../queue/domain/message.ts'
import type { Queue } from '../../queue/queue.ts'
import { invalidAttributeName } from './errors.ts'

const countNames = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
]
const otherNames = [
  'CreatedTimestamp',
  'FifoQueue',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'LastModifiedTimestamp',
  'Policy',
  'QueueArn',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
]
const known = new Set([...countNames, ...otherNames, ...numberNames, ...Object.keys(fifoDefaults)])

/** Whether the numbers of messages are among what is asked for. */
export function wantsCounts(names: readonly string[]): boolean {
  return names.includes('All') || names.some((name) => countNames.includes(name))
}

/** A queue's attributes as SQS writes them. Throws for a name that no queue has. */
export function describeAttributes(
  queue: Queue,
  names: readonly string[],
  counts: MessageCounts | undefined,
): Record<string, string> {
  const unknown = names.find((name) => name !== 'All' && !known.has(name))
  if (unknown !== undefined) throw invalidAttributeName(unknown)
  const numbers = numberNames.map((name) => [name, usualValue(name) ?? ''])
  const all: Record<string, string> = {
    ...Object.fromEntries(numbers),
    ...(queue.settings.isFifo ? fifoDefaults : {}),
    ...queue.attributes,
    QueueArn: queue.arn,
    CreatedTimestamp: seconds(queue.createdAt),
    LastModifiedTimestamp: seconds(queue.modifiedAt),
    SqsManagedSseEnabled: 'false',
    ...(counts
      ? {
          ApproximateNumberOfMessages: String(counts.visible),
          ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
          ApproximateNumberOfMessagesDelayed: String(counts.delayed),
        }
      : {}),
  }
  if (names.includes('All')) return all
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
}

function seconds(milliseconds: number): string {
  return String(Math.floor(milliseconds / 1000))
}
