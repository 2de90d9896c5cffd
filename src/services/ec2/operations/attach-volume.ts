import { checkDevice } from '../../../compute/domain/volume-request.ts'
import { required, requiredInstanceIds } from '../input.ts'
import { attachmentView } from '../volume-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const attachVolume: Ec2Operation<'AttachVolume'> = {
  accepts: { VolumeId: true, InstanceId: true, Device: true },
  async handle(input, { scope }, { compute }) {
    const volumeId = required(input.VolumeId, 'volumeId')
    const device = required(input.Device, 'device')
    const [instanceId = ''] = requiredInstanceIds([required(input.InstanceId, 'instanceId')])
    checkDevice(device)
    const volume = await compute.disks.attach(scope, { volumeId, instanceId, device })
    return { ...attachmentView(volume) }
  },
}
