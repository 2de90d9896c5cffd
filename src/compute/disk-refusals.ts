import { Refusal } from '../network/refusal.ts'
import type { Volume } from './volume.ts'

export function volumeNotFound(id: string): Refusal {
  if (!id.startsWith('vol-')) return malformed(id, 'volumeId', 'vol')
  return new Refusal('InvalidVolume.NotFound', `The volume '${id}' does not exist.`)
}

export function volumeNotMade(id: string): Refusal {
  return new Refusal('IncorrectState', `The volume '${id}' is in the 'error' state.`)
}

export function snapshotNotFound(id: string): Refusal {
  if (!id.startsWith('snap-')) return malformed(id, 'snapshotId', 'snap')
  return new Refusal('InvalidSnapshot.NotFound', `The snapshot '${id}' does not exist.`)
}

export function snapshotInUse(id: string, imageId: string): Refusal {
  return new Refusal(
    'InvalidSnapshot.InUse',
    `The snapshot ${id} is currently in use by ${imageId}`,
  )
}

export function imageNotFound(id: string): Refusal {
  return new Refusal('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`)
}

function malformed(id: string, parameter: string, prefix: string): Refusal {
  return new Refusal(
    'InvalidParameterValue',
    `Value (${id}) for parameter ${parameter} is invalid. Expected: '${prefix}-...'.`,
  )
}

export function rootVolumeStays(volumeId: string, instanceId: string): Refusal {
  return new Refusal(
    'OperationNotPermitted',
    `Unable to detach root volume '${volumeId}' from instance '${instanceId}'`,
  )
}

export function volumeInUse({ volumeId, attachment }: Volume): Refusal {
  return new Refusal(
    'VolumeInUse',
    `Volume ${volumeId} is currently attached to ${attachment?.instanceId}`,
  )
}

/** The machine's own disk: it goes with its instance, and nobody else can have it. */
export function rootVolumeInUse(volumeId: string, instanceId: string): Refusal {
  return new Refusal('VolumeInUse', `Volume ${volumeId} is currently attached to ${instanceId}`)
}
