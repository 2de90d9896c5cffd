import { volumes } from '../../../compute/volume.ts'
import { volumeNotAttached } from '../errors.ts'
import { required } from '../input.ts'
import { attachmentView } from '../volume-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const detachVolume: Ec2Operation<'DetachVolume'> = {
  accepts: { VolumeId: true, InstanceId: true, Device: true, Force: true },
  async handle(input, { scope }, { compute, store }) {
    const id = required(input.VolumeId, 'volumeId')
    const attachment = (await store.find(volumes, scope, id))?.value.attachment
    if (input.InstanceId && attachment && input.InstanceId !== attachment.instanceId) {
      throw volumeNotAttached(id, `instance '${input.InstanceId}'`)
    }
    if (input.Device && attachment && input.Device !== attachment.device) {
      throw volumeNotAttached(id, `device '${input.Device}'`)
    }
    const volume = await compute.disks.detach(scope, id, input.Force === true)
    return { ...attachmentView(volume) }
  },
}
