import { createHash } from 'node:crypto'

/** A making of one resource of one stack: what names and tokens are derived from. */
export interface Making {
  readonly stackUuid: string
  readonly stackName: string
  readonly logicalId: string
  readonly number: number
}

const suffixLength = 12
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/**
 * `<stack>-<LogicalId>-<suffix>`, the same for every attempt at one making, so that doing it twice collides instead of doubling.
 * When it is too long the stack's name and the logical id give way, half each, and the suffix stays.
 */
export function physicalName(making: Making, lengthMax: number): string {
  const suffix = suffixOf(making).slice(0, Math.max(1, Math.min(suffixLength, lengthMax)))
  const room = lengthMax - suffix.length - 2
  const { stackName, logicalId } = making
  if (stackName.length + logicalId.length <= room) return `${stackName}-${logicalId}-${suffix}`
  if (room < 2) return suffix
  const half = Math.floor(room / 2)
  const logicalLength = Math.min(logicalId.length, Math.max(half, room - stackName.length))
  const stackPart = stackName.slice(0, room - logicalLength).replace(/-+$/, '')
  return `${stackPart}-${logicalId.slice(0, logicalLength)}-${suffix}`
}

/** The client token of one making: 57 characters of [a-z0-9-]. */
export function tokenOf(making: Making, purpose: string): string {
  const digest = digestOf(making, purpose).toString('hex').slice(0, 20)
  return `${making.stackUuid}-${digest}`
}

function suffixOf(making: Making): string {
  const bytes = digestOf(making, 'name').subarray(0, suffixLength)
  return [...bytes].map((byte) => alphabet.charAt(byte % alphabet.length)).join('')
}

function digestOf({ stackUuid, logicalId, number }: Making, purpose: string): Buffer {
  return createHash('sha256').update(`${stackUuid}/${logicalId}/${number}/${purpose}`).digest()
}
