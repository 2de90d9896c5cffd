import { deliveryFault } from './delivery-policy.ts'
import { parsed } from './filter-policy.ts'
import { isObject } from './pattern.ts'

export interface AttributeFault {
  readonly name: string
  readonly reason: string
}

const flags: readonly string[] = ['FifoTopic', 'ContentBasedDeduplication']
const displayNameMax = 100

/** The first attribute of a topic that cannot be honoured, and why. */
export function topicFault(
  attributes: Readonly<Record<string, string>>,
  of: { readonly isFifo: boolean; readonly isNew: boolean },
): AttributeFault | undefined {
  for (const [name, value] of Object.entries(attributes)) {
    const reason = reasonAgainst(name, value, of)
    if (reason !== undefined) return { name, reason }
  }
  return undefined
}

function reasonAgainst(
  name: string,
  value: string,
  { isFifo, isNew }: { readonly isFifo: boolean; readonly isNew: boolean },
): string | undefined {
  if (flags.includes(name) && value !== 'true' && value !== 'false') return 'must be true or false'
  switch (name) {
    case 'DisplayName':
      return value.length > displayNameMax ? 'must be at most 100 characters' : undefined
    case 'Policy':
      return value === '' || isObject(parsed(value)) ? undefined : 'Policy Error: null'
    case 'DeliveryPolicy':
      return value === '' ? undefined : deliveryFault(parsed(value), 'topic')
    case 'FifoTopic':
      if (!isNew) return 'cannot be changed'
      return (value === 'true') === isFifo
        ? undefined
        : 'Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.'
    case 'ContentBasedDeduplication':
      return isFifo || value === 'false' ? undefined : 'is for FIFO topics'
    case 'FifoThroughputScope':
      if (!isFifo) return 'is for FIFO topics'
      return ['Topic', 'MessageGroup'].includes(value) ? undefined : 'must be Topic or MessageGroup'
    case 'SignatureVersion':
      return ['1', '2'].includes(value) ? undefined : 'must be 1 or 2'
    case 'TracingConfig':
      return value === 'PassThrough' ? undefined : 'only PassThrough is supported here'
    default:
      return 'is not supported here'
  }
}

/** Empty text takes a setting back. */
export function mergedAttributes(
  current: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries({ ...current, ...given }).filter(([, value]) => value !== ''),
  )
}
