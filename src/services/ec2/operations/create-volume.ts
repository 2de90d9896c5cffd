import { is } from '../../../wire/accept.ts'
import { invalidCombination, zoneNotFound } from '../errors.ts'
import { zoneIdOf } from '../../../compute/domain/names.ts'
import { idOfToken, required, tagsFor, tagSpecifications } from '../input.ts'
import { zonesOf } from '../../../kernel/scope.ts'
import { volumeView } from '../volume-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const createVolume: Ec2Operation<'CreateVolume'> = {
  accepts: {
    AvailabilityZone: true,
    AvailabilityZoneId: true,
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
    const zones = zonesOf(scope.region)
    const byId = zones.find((name) => zoneIdOf(name) === input.AvailabilityZoneId)
    const named = input.AvailabilityZone ?? byId ?? input.AvailabilityZoneId
    const zone = required(named, 'AvailabilityZone')
    if (!zones.includes(zone)) throw zoneNotFound(zone)
    if (byId !== undefined && byId !== zone) {
      throw invalidCombination('AvailabilityZone and AvailabilityZoneId name different zones.')
    }
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
