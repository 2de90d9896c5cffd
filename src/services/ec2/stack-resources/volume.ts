import { invalidCombination } from '../errors.ts'
import {
  derivedId,
  requiredText,
  stackTags,
  tagProperties,
  textOf,
  type Ec2ResourceType,
} from '../stack-call.ts'
import { volumes } from '../../../compute/volume.ts'
import { is } from '../../../wire/accept.ts'

const readyMilliseconds = 5 * 60_000
const goneMilliseconds = 5 * 60_000

const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text)

export const volumeType: Ec2ResourceType = {
  name: 'AWS::EC2::Volume',
  properties: {
    AvailabilityZone: 'string',
    Size: 'number',
    VolumeType: 'string',
    Iops: 'number',
    Throughput: 'number',
    SnapshotId: 'string',
    Encrypted: 'boolean',
    Tags: tagProperties,
  },
  required: ['AvailabilityZone'],
  attributes: ['VolumeId'],
  replaceOn: ['AvailabilityZone', 'Size', 'VolumeType', 'Iops', 'Throughput', 'SnapshotId'],
  async create(properties, context, { compute, store }) {
    if (!is(undefined, false, 'false')(properties['Encrypted'])) {
      throw invalidCombination('Encrypted volumes are not supported here.')
    }
    const { scope } = context
    const volumeId = derivedId('vol', context)
    await compute.disks.createVolume(scope, {
      volumeId,
      zone: requiredText(properties, 'AvailabilityZone'),
      sizeGibibytes: numberOf(textOf(properties, 'Size')),
      volumeType: textOf(properties, 'VolumeType'),
      iops: numberOf(textOf(properties, 'Iops')),
      throughput: numberOf(textOf(properties, 'Throughput')),
      snapshotId: textOf(properties, 'SnapshotId'),
      tags: stackTags(properties, context),
    })
    await context.started(volumeId)
    await context.until(`volume ${volumeId} to be available`, readyMilliseconds, async () => {
      const state = (await store.find(volumes, scope, volumeId))?.value.state
      if (state === 'ready') return true
      if (state === 'creating') return undefined
      throw invalidCombination(`Volume ${volumeId} could not be made: it is ${state ?? 'gone'}.`)
    })
    return { physicalId: volumeId, attributes: { VolumeId: volumeId } }
  },
  async update({ physicalId, after }, context, { compute }) {
    const tags = stackTags(after, context)
    await compute.disks.changeVolume(context.scope, physicalId, (volume) => ({ ...volume, tags }))
    return { physicalId, attributes: { VolumeId: physicalId } }
  },
  async remove({ physicalId }, { scope, until }, { compute, store }) {
    await until(`volume ${physicalId} to be free and gone`, goneMilliseconds, async () => {
      const volume = (await store.find(volumes, scope, physicalId))?.value
      if (!volume) return true
      if (volume.state !== 'deleting' && !volume.attachment) {
        await compute.disks.deleteVolume(scope, physicalId)
      }
      return undefined
    })
  },
}
