import type { Volume } from '../volume.ts'
import type { BlockDevice } from './volume-request.ts'

/**
 * The devices of an image with what a launch, or the making of another image, says over them, device by device: a member that
 * is given wins, and a device that is omitted goes (AWS: "Block device mappings for volumes").
 */
export function overlaidDevices(
  below: readonly BlockDevice[],
  over: readonly BlockDevice[],
): readonly BlockDevice[] {
  const devices = new Map(below.map((each) => [each.device, each]))
  for (const { isOmitted, ...each } of over) {
    const known = devices.get(each.device)
    if (isOmitted === true) devices.delete(each.device)
    else devices.set(each.device, known ? laidOver(known, each) : each)
  }
  return [...devices.values()]
}

function laidOver(below: BlockDevice, over: BlockDevice): BlockDevice {
  const given = Object.entries(over).filter(([, value]) => value !== undefined)
  // Another type has another speed, another snapshot another size.
  const { iops, throughput, sizeGibibytes, ...rest } = below
  const isOtherType = over.volumeType !== undefined && over.volumeType !== below.volumeType
  const isOtherDisk = over.snapshotId !== undefined && over.snapshotId !== below.snapshotId
  return {
    ...rest,
    ...(!isOtherType && { iops, throughput }),
    ...(!isOtherDisk && { sizeGibibytes }),
    ...(Object.fromEntries(given) as Partial<BlockDevice>),
    device: below.device,
  }
}

/** A volume that an instance has, as an image of the instance has it. */
export function deviceOf(volume: Volume, snapshotId: string): BlockDevice {
  const { attachment, volumeType, sizeGibibytes, iops, throughput } = volume
  const { device = '', deleteOnTermination } = attachment ?? {}
  const speed = /^(?:gp3|io[12])$/.test(volumeType) ? { iops, throughput } : {}
  return { device, deleteOnTermination, volumeType, sizeGibibytes, ...speed, snapshotId }
}
