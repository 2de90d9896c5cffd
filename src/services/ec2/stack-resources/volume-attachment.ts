import { checkDevice } from '../../../compute/domain/volume-request.ts'
import { volumes } from '../../../compute/volume.ts'
import { requiredText, type Ec2ResourceType } from '../stack-call.ts'

const attachedMilliseconds = 5 * 60_000

/** The physical id names both ends: `vol-…|i-…`. */
export const volumeAttachmentType: Ec2ResourceType = {
  name: 'AWS::EC2::VolumeAttachment',
  properties: { VolumeId: 'string', InstanceId: 'string', Device: 'string' },
  required: ['VolumeId', 'InstanceId', 'Device'],
  attributes: [],
  replaceOn: ['VolumeId', 'InstanceId', 'Device'],
  async create(properties, context, { compute, store }) {
    const { scope } = context
    const volumeId = requiredText(properties, 'VolumeId')
    const instanceId = requiredText(properties, 'InstanceId')
    const device = requiredText(properties, 'Device')
    checkDevice(device)
    const known = (await store.find(volumes, scope, volumeId))?.value.attachment
    const isOurs = known?.instanceId === instanceId && known.device === device
    if (!isOurs) await compute.disks.attach(scope, { volumeId, instanceId, device })
    await context.started(`${volumeId}|${instanceId}`)
    await context.until(`volume ${volumeId} to be attached`, attachedMilliseconds, async () => {
      const volume = await store.find(volumes, scope, volumeId)
      return volume?.value.attachment?.state === 'attached' ? true : undefined
    })
    return { physicalId: `${volumeId}|${instanceId}`, attributes: {} }
  },
  async remove({ physicalId }, { scope, until }, { compute, store }) {
    const [volumeId = '', instanceId = ''] = physicalId.split('|')
    await until(`volume ${volumeId} to be detached`, attachedMilliseconds, async () => {
      const attachment = (await store.find(volumes, scope, volumeId))?.value.attachment
      if (attachment?.instanceId !== instanceId) return true
      if (attachment.state !== 'detaching') await compute.disks.detach(scope, volumeId, false)
      return undefined
    })
  },
}
