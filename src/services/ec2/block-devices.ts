import type { LaunchTemplateBlockDeviceMapping, VolumeType } from '@aws-sdk/client-ec2'
import type { BlockDevice } from '../../compute/domain/volume-request.ts'
import { rootDevice } from '../../compute/domain/instance-metadata.ts'
import type { LaunchSettings } from '../../compute/launch-templates.ts'
import type { Tag } from '../../kernel/tags.ts'
import { missingParameter, rootStays } from './errors.ts'

export interface GivenDevice {
  readonly DeviceName?: string | undefined
  /** Anything, the empty text too, leaves the device out. */
  readonly NoDevice?: string | undefined
  readonly Ebs?: GivenVolume | undefined
}

interface GivenVolume {
  readonly DeleteOnTermination?: boolean | undefined
  readonly VolumeSize?: number | undefined
  readonly VolumeType?: string | undefined
  readonly Iops?: number | undefined
  readonly Throughput?: number | undefined
  readonly SnapshotId?: string | undefined
}

/** Images of AWS name their root volume one of these. */
const rootNames = [rootDevice, '/dev/sda1']

/** The root volume's size and type, and the volumes besides it. */
export function deviceSettings(
  given: readonly GivenDevice[] | undefined,
  volumeTags: readonly Tag[] | undefined,
): Pick<LaunchSettings, 'rootVolume' | 'blockDevices'> {
  const root = given?.find((each) => rootNames.includes(each.DeviceName ?? ''))
  if (root?.Ebs?.DeleteOnTermination === false || root?.NoDevice !== undefined) {
    throw rootStays()
  }
  const others = (given ?? []).filter((each) => each !== root)
  const blockDevices = others.map(
    ({ DeviceName: device, NoDevice, Ebs: ebs = {} }): BlockDevice => {
      if (!device) throw missingParameter('BlockDeviceMapping.DeviceName')
      if (NoDevice !== undefined) return { device, isOmitted: true }
      return {
        device,
        deleteOnTermination: ebs.DeleteOnTermination,
        sizeGibibytes: ebs.VolumeSize,
        volumeType: ebs.VolumeType,
        iops: ebs.Iops,
        throughput: ebs.Throughput,
        snapshotId: ebs.SnapshotId,
      }
    },
  )
  const { VolumeSize: sizeGibibytes, VolumeType: volumeType } = root?.Ebs ?? {}
  const hasRoot = sizeGibibytes !== undefined || volumeType !== undefined || volumeTags
  return {
    ...(hasRoot && {
      rootVolume: {
        ...(sizeGibibytes !== undefined && { sizeGibibytes }),
        ...(volumeType !== undefined && { volumeType }),
        ...(volumeTags && { tags: volumeTags }),
      },
    }),
    ...(blockDevices.length > 0 && { blockDevices }),
  }
}

/** As a launch template shows them again. */
export function deviceContent(settings: LaunchSettings): LaunchTemplateBlockDeviceMapping[] {
  const { sizeGibibytes, volumeType } = settings.rootVolume ?? {}
  const hasRoot = sizeGibibytes !== undefined || volumeType !== undefined
  const root = hasRoot
    ? [{ device: rootDevice, deleteOnTermination: true, sizeGibibytes, volumeType }]
    : []
  const all: readonly BlockDevice[] = [...root, ...(settings.blockDevices ?? [])]
  return all.map((each) =>
    each.isOmitted === true
      ? { DeviceName: each.device, NoDevice: '' }
      : { DeviceName: each.device, Ebs: ebsContent(each) },
  )
}

/** As launch templates and images show a volume. */
export function ebsContent(each: BlockDevice) {
  return {
    ...(each.deleteOnTermination !== undefined && {
      DeleteOnTermination: each.deleteOnTermination,
    }),
    ...(each.sizeGibibytes !== undefined && { VolumeSize: each.sizeGibibytes }),
    ...(each.volumeType !== undefined && { VolumeType: each.volumeType as VolumeType }),
    ...(each.iops !== undefined && { Iops: each.iops }),
    ...(each.throughput !== undefined && { Throughput: each.throughput }),
    ...(each.snapshotId !== undefined && { SnapshotId: each.snapshotId }),
  }
}
