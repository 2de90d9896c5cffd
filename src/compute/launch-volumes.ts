import { createHash } from 'node:crypto'
import type { Scope } from '../kernel/scope.ts'
import { Refusal } from '../network/refusal.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { completedSnapshot } from './disk-catalogue.ts'
import { overlaidDevices } from './domain/overlaid-devices.ts'
import {
  checkDevice,
  checkVolume,
  newVolume,
  requireSize,
  type BlockDevice,
} from './domain/volume-request.ts'
import type { Instance, LaunchRequest } from './instance.ts'
import type { OwnImage, Volume } from './volume.ts'

/** A launch with the volumes that its image brings, under what it says of them itself. */
export async function withVolumes(
  context: EngineContext,
  scope: Scope,
  { request, image }: { request: LaunchRequest; image: OwnImage | undefined },
): Promise<LaunchRequest> {
  const { rootGibibytes: least, rootVolumeType: volumeType } = image ?? {}
  const asked = request.rootVolume?.sizeGibibytes
  const snapshotId = image && 'diskId' in image.source ? image.source.diskId : ''
  if (least !== undefined) requireSize(asked, snapshotId, least)
  const rootVolume = {
    ...(least !== undefined && { sizeGibibytes: least }),
    ...(volumeType !== undefined && { volumeType }),
    ...(snapshotId.startsWith('snap-') && { snapshotId }),
    ...request.rootVolume,
  }
  requireOnce(request.blockDevices ?? [])
  const devices = overlaidDevices(image?.blockDevices ?? [], request.blockDevices ?? [])
  return {
    ...request,
    ...(Object.keys(rootVolume).length > 0 && { rootVolume }),
    blockDevices: await checkBlockDevices(context, scope, devices),
  }
}

/** EC2's refusal for a device that is named twice. */
export function requireOnce(devices: readonly BlockDevice[]): void {
  const names = devices.map(({ device }) => device)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return
  throw new Refusal('InvalidBlockDeviceMapping', `The device '${twice}' is used more than once`)
}

/** Throws EC2's refusal for volumes that cannot be; gives them with the sizes of their snapshots. */
export async function checkBlockDevices(
  context: Pick<EngineContext, 'store'>,
  scope: Scope,
  devices: readonly BlockDevice[],
): Promise<readonly BlockDevice[]> {
  return Promise.all(
    devices.map(async (given) => {
      checkDevice(given.device)
      const snapshot =
        given.snapshotId === undefined
          ? undefined
          : await completedSnapshot(context, scope, given.snapshotId)
      const sizeGibibytes = given.sizeGibibytes ?? snapshot?.sizeGibibytes
      if (snapshot) requireSize(sizeGibibytes, snapshot.snapshotId, snapshot.sizeGibibytes)
      const device = { ...given, sizeGibibytes }
      checkVolume(device)
      return device
    }),
  )
}

/** The volumes that come into being with an instance; their ids follow from its own. */
export function volumesOf(instance: Instance, request: LaunchRequest): Volume[] {
  const { launchedAt: now } = instance
  return (request.blockDevices ?? []).map(({ device, deleteOnTermination = true, ...rest }) => {
    const digest = createHash('sha256').update(`${instance.instanceId} ${device}`).digest('hex')
    const volumeId = `vol-0${digest.slice(0, 16)}`
    const { zone, instanceId } = instance
    const volume = newVolume(volumeId, { ...rest, zone, tags: request.volumeTags ?? [] }, now)
    const attachment = { instanceId, device, attachedAt: now, deleteOnTermination }
    return { ...volume, attachment: { ...attachment, state: 'attaching' } }
  })
}
