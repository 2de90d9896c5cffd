/** Where messages go that were received too often. */
export interface Redrive {
  readonly deadLetterTargetArn: string
  readonly maxReceiveCount: number
}

/** Which queues may use this one for their dead letters. */
export type RedriveAllow =
  | { readonly kind: 'allowAll' | 'denyAll' }
  | { readonly kind: 'byQueue'; readonly sourceQueueArns: readonly string[] }

/** AWS: 10 source queues; more need allowAll. */
const sourceQueuesMax = 10

const redriveMembers = ['maxReceiveCount', 'deadLetterTargetArn']

/** What is wrong with a `RedrivePolicy` text, in AWS's words; undefined when it is well. */
export function redriveFault(text: string): string | undefined {
  const policy = readObject(text)
  if (!policy) return 'Redrive policy is not a valid JSON map.'
  const missing = redriveMembers.find((member) => policy[member] === undefined)
  if (missing !== undefined) {
    return `Redrive policy does not contain mandatory attribute: ${missing}.`
  }
  if (Object.keys(policy).length > redriveMembers.length) {
    return 'Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount].'
  }
  if (readRedrive(text)) return undefined
  return typeof policy['deadLetterTargetArn'] === 'string'
    ? `Invalid value for maxReceiveCount: ${String(policy['maxReceiveCount'])}, valid values are from 1 to 1000 both inclusive.`
    : 'Invalid value for deadLetterTargetArn.'
}

/** The `RedrivePolicy` text; undefined when it is none. `maxReceiveCount` comes as a number or as text. */
export function readRedrive(text: string): Redrive | undefined {
  const policy = readObject(text)
  const deadLetterTargetArn = policy?.['deadLetterTargetArn']
  const maxReceiveCount = Number(policy?.['maxReceiveCount'])
  if (typeof deadLetterTargetArn !== 'string' || !Number.isInteger(maxReceiveCount)) {
    return undefined
  }
  if (maxReceiveCount < 1 || maxReceiveCount > 1000) return undefined
  return { deadLetterTargetArn, maxReceiveCount }
}

/** The `RedriveAllowPolicy` text; undefined when it is none. */
export function readRedriveAllow(text: string): RedriveAllow | undefined {
  const policy = readObject(text)
  const kind = policy?.['redrivePermission']
  const arns = policy?.['sourceQueueArns']
  if (kind === 'allowAll' || kind === 'denyAll') return arns === undefined ? { kind } : undefined
  if (kind !== 'byQueue' || !Array.isArray(arns)) return undefined
  const sourceQueueArns = arns.filter((arn) => typeof arn === 'string')
  const isWhole = sourceQueueArns.length === arns.length && arns.length > 0
  return isWhole && arns.length <= sourceQueuesMax ? { kind, sourceQueueArns } : undefined
}

export function mayRedrive(allow: RedriveAllow, sourceArn: string): boolean {
  if (allow.kind !== 'byQueue') return allow.kind === 'allowAll'
  return allow.sourceQueueArns.includes(sourceArn)
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
