import { createHash } from 'node:crypto'
import type { Scope } from '../kernel/scope.ts'
import { Refusal } from '../network/refusal.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { completedSnapshot } from './disk-catalogue.ts'
import { checkDevice, checkVolume, newVolume, type BlockDevice } from './domain/volume-request.ts'
import type { Instance, LaunchRequest } from './instance.ts'
import type { Volume } from './volume.ts'

/** Throws EC2's refusal for volumes that cannot be; gives them with the sizes of their snapshots. */
export async function checkBlockDevices(
  context: EngineContext,
  scope: Scope,
  devices: readonly BlockDevice[] = [],
): Promise<readonly BlockDevice[]> {
  const names = devices.map(({ device }) => device)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) {
    throw new Refusal('InvalidBlockDeviceMapping', `The device '${twice}' is used more than once`)
  }
  return Promise.all(
    devices.map(async (given) => {
      checkDevice(given.device)
      const snapshot =
        given.snapshotId === undefined
          ? undefined
          : await completedSnapshot(context, scope, given.snapshotId)
      const device = { ...given, sizeGibibytes: given.sizeGibibytes ?? snapshot?.sizeGibibytes }
      checkVolume(device)
      return device
    }),
  )
}

/** The volumes that come into being with an instance; their ids follow from its own. */
export function volumesOf(instance: Instance, request: LaunchRequest, now: number): Volume[] {
  return (request.blockDevices ?? []).map(({ device, deleteOnTermination, ...rest }) => {
    const digest = createHash('sha256').update(`${instance.instanceId} ${device}`).digest('hex')
    const volumeId = `vol-0${digest.slice(0, 16)}`
    const { zone, instanceId } = instance
    const volume = newVolume(volumeId, { ...rest, zone, tags: request.volumeTags ?? [] }, now)
    const attachment = { instanceId, device, attachedAt: now, deleteOnTermination }
    return { ...volume, attachment: { ...attachment, state: 'attaching' } }
  })
}
