import type { Tag } from '../../kernel/tags.ts'
import { Refusal } from '../../network/refusal.ts'
import type { Volume } from '../volume.ts'

export interface VolumeRequest {
  readonly zone: string
  readonly sizeGibibytes?: number | undefined
  readonly volumeType?: string | undefined
  readonly iops?: number | undefined
  readonly throughput?: number | undefined
  readonly snapshotId?: string | undefined
  readonly clientToken?: string | undefined
  readonly tags: readonly Tag[]
}

/** A volume of a launch: without a zone, because it goes where its instance goes. */
export interface BlockDevice extends Omit<VolumeRequest, 'zone' | 'tags' | 'clientToken'> {
  readonly device: string
  readonly deleteOnTermination?: boolean | undefined
  /** What the image has there is left out. */
  readonly isOmitted?: boolean
}

/** Of a root volume for which nothing was asked. */
export const rootGibibytes = 8

interface TypeLimits {
  readonly gibibytes: readonly [least: number, most: number]
  /** What it has without asking; absent where it cannot be asked for. */
  readonly iops?: { readonly least: number; readonly most: number; readonly isRequired: boolean }
}

/** AWS: "Amazon EBS volume types". */
const types: Readonly<Record<string, TypeLimits>> = {
  gp2: { gibibytes: [1, 16_384] },
  gp3: { gibibytes: [1, 16_384], iops: { least: 3000, most: 16_000, isRequired: false } },
  io1: { gibibytes: [4, 16_384], iops: { least: 100, most: 64_000, isRequired: true } },
  io2: { gibibytes: [4, 65_536], iops: { least: 100, most: 256_000, isRequired: true } },
  st1: { gibibytes: [125, 16_384] },
  sc1: { gibibytes: [125, 16_384] },
  standard: { gibibytes: [1, 1024] },
}

/** Of a volume for which none was asked. */
export const standardType = 'gp2'

/** Throws EC2's refusal. */
export function checkVolume(request: Omit<VolumeRequest, 'zone' | 'tags'>): void {
  const { volumeType = standardType, sizeGibibytes, iops, throughput } = request
  const limits = Object.hasOwn(types, volumeType) ? types[volumeType] : undefined
  if (!limits)
    throw refused('InvalidParameterValue', `Invalid value '${volumeType}' for VolumeType.`)
  if (sizeGibibytes === undefined) {
    throw refused('MissingParameter', 'The request must contain the parameter size/snapshot')
  }
  const [least, most] = limits.gibibytes
  if (!Number.isInteger(sizeGibibytes) || sizeGibibytes < least || sizeGibibytes > most) {
    const words =
      sizeGibibytes > most ? `too large. Maximum is ${most}` : `too small. Minimum is ${least}`
    throw refused('InvalidParameterValue', `Volume size of ${sizeGibibytes}GiB is ${words}GiB.`)
  }
  if (iops === undefined && limits.iops?.isRequired) {
    throw refused('MissingParameter', 'The request must contain the parameter iops')
  }
  if (iops !== undefined && (!limits.iops || iops < limits.iops.least || iops > limits.iops.most)) {
    throw refused(
      'InvalidParameterCombination',
      `The parameter iops is not supported for ${volumeType} volumes, or not with ${iops}.`,
    )
  }
  if (throughput !== undefined && (volumeType !== 'gp3' || throughput < 125 || throughput > 1000)) {
    throw refused(
      'InvalidParameterCombination',
      `The throughput ${throughput} is not supported for ${volumeType} volumes.`,
    )
  }
}

/** EC2's refusal for less than the snapshot has; without a size it is the snapshot's own. */
export function requireSize(
  gibibytes: number | undefined,
  snapshotId: string,
  least: number,
): void {
  if (gibibytes === undefined || gibibytes >= least) return
  throw refused(
    'InvalidBlockDeviceMapping',
    `Volume of size ${gibibytes}GB is smaller than snapshot '${snapshotId}', expect size >= ${least}GB`,
  )
}

/** What a checked request becomes. */
export function newVolume(volumeId: string, request: VolumeRequest, now: number): Volume {
  const { zone, sizeGibibytes = 1, volumeType = standardType, tags } = request
  const { iops, throughput, snapshotId, clientToken } = request
  return {
    ...{ volumeId, zone, sizeGibibytes, volumeType, tags, createdAt: now },
    ...speedOf(volumeType, sizeGibibytes, { iops, throughput }),
    ...(snapshotId !== undefined && { snapshotId }),
    ...(clientToken !== undefined && { clientToken }),
    state: 'creating',
  }
}

/** With what a type has when nothing is asked. */
export function speedOf(
  volumeType: string,
  sizeGibibytes: number,
  asked: { readonly iops?: number | undefined; readonly throughput?: number | undefined },
): Pick<Volume, 'iops' | 'throughput'> {
  if (volumeType === 'gp3') return { iops: asked.iops ?? 3000, throughput: asked.throughput ?? 125 }
  if (volumeType === 'gp2') return { iops: Math.min(16_000, Math.max(100, 3 * sizeGibibytes)) }
  return asked.iops === undefined ? {} : { iops: asked.iops }
}

const deviceNames = /^\/dev\/(?:sd[b-z](?:[1-9]|1[0-5])?|xvd[b-z][a-z]?|nvme[1-9][0-9]?n1)$/

export function checkDevice(device: string): void {
  if (deviceNames.test(device)) return
  throw refused(
    'InvalidParameterValue',
    `Value (${device}) for parameter device is invalid. ${device} is not a valid EBS device name.`,
  )
}

function refused(code: string, message: string): Refusal {
  return new Refusal(code, message)
}
