import { is } from '../../../wire/accept.ts'
import { invalidParameterValue } from '../errors.ts'
import { idOfToken, required, tagsFor, tagSpecifications } from '../input.ts'
import { zonesOf } from '../../../kernel/scope.ts'
import { volumeView } from '../volume-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const createVolume: Ec2Operation<'CreateVolume'> = {
  accepts: {
    AvailabilityZone: true,
    Size: true,
    SnapshotId: true,
    VolumeType: true,
    Iops: true,
    Throughput: true,
    Encrypted: is(false),
    MultiAttachEnabled: is(false),
    ClientToken: true,
    TagSpecifications: tagSpecifications,
  },
  async handle(input, { scope }, { compute }) {
    const zone = required(input.AvailabilityZone, 'AvailabilityZone')
    if (!zonesOf(scope.region).includes(zone)) throw invalidParameterValue(zone, 'availabilityZone')
    const volume = await compute.disks.createVolume(scope, {
      zone,
      sizeGibibytes: input.Size,
      volumeType: input.VolumeType,
      iops: input.Iops,
      throughput: input.Throughput,
      snapshotId: input.SnapshotId || undefined,
      tags: tagsFor('volume', input.TagSpecifications),
      ...(input.ClientToken && { volumeId: idOfToken('vol', `volume ${input.ClientToken}`) }),
    })
    return volumeView(volume)
  },
}
