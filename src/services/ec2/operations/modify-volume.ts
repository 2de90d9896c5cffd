import { checkVolume, speedOf } from '../../../compute/domain/volume-request.ts'
import { is } from '../../../wire/accept.ts'
import { invalidParameterValue } from '../errors.ts'
import { required } from '../input.ts'
import { modificationView } from '../volume-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const modifyVolume: Ec2Operation<'ModifyVolume'> = {
  accepts: {
    VolumeId: true,
    Size: true,
    VolumeType: true,
    Iops: true,
    Throughput: true,
    MultiAttachEnabled: is(false),
  },
  async handle(input, { scope }, { compute, clock }) {
    const id = required(input.VolumeId, 'volumeId')
    const volume = await compute.disks.changeVolume(scope, id, (before) => {
      const { sizeGibibytes: size, modification: _, iops, throughput, ...rest } = before
      const sizeGibibytes = input.Size ?? size
      if (sizeGibibytes < size) throw invalidParameterValue(String(sizeGibibytes), 'size')
      const volumeType = input.VolumeType ?? before.volumeType
      const isSameType = volumeType === before.volumeType && volumeType !== 'gp2'
      const asked = {
        iops: input.Iops ?? (isSameType ? iops : undefined),
        throughput: input.Throughput ?? (isSameType ? throughput : undefined),
      }
      checkVolume({ sizeGibibytes, volumeType, ...asked })
      const original = {
        ...{ sizeGibibytes: size, volumeType: before.volumeType },
        ...(iops !== undefined && { iops }),
        ...(throughput !== undefined && { throughput }),
      }
      return {
        ...rest,
        ...{ sizeGibibytes, volumeType },
        ...speedOf(volumeType, sizeGibibytes, asked),
        modification: { startedAt: clock.now(), original },
      }
    })
    return { VolumeModification: modificationView(volume) }
  },
}
