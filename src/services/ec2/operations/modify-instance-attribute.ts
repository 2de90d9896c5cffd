import type {
  InstanceBlockDeviceMappingSpecification,
  ModifyInstanceAttributeCommandInput,
} from '@aws-sdk/client-ec2'
import type { Scope } from '../../../kernel/scope.ts'
import { rootDevice } from '../../../compute/domain/instance-metadata.ts'
import { volumes } from '../../../compute/volume.ts'
import { valuesOf } from '../../../network/lookup.ts'
import type { Instance } from '../../../compute/instance.ts'
import { instanceNotFound } from '../../../compute/instance-refusals.ts'
import { valuesById } from '../instance-lookup.ts'
import {
  incorrectInstanceState,
  invalidCombination,
  invalidParameterValue,
  noSuchDevice,
  rootStays,
  unsupportedMember,
} from '../errors.ts'
import { instanceSizes } from '../../../compute/domain/instance-sizes.ts'
import { is } from '../../../wire/accept.ts'
import { required } from '../input.ts'
import type { Ec2Deps, Ec2Operation } from '../deps.ts'

const flag = (Value: string) => ({ Value: Value.toLowerCase() === 'true' })

/** Of what cannot be turned off here. */
function onlyTrue(value: string, attribute: string) {
  if (!flag(value).Value)
    throw unsupportedMember(`Value for ${attribute}`, 'ModifyInstanceAttribute')
  return { Value: true }
}

const byName = new Map<string, (value: string) => Partial<ModifyInstanceAttributeCommandInput>>([
  ['instanceType', (Value) => ({ InstanceType: { Value } })],
  ['userData', (Value) => ({ UserData: { Value: Buffer.from(Value, 'base64') } })],
  ['disableApiTermination', (value) => ({ DisableApiTermination: flag(value) })],
  ['disableApiStop', (value) => ({ DisableApiStop: flag(value) })],
  ['ebsOptimized', (value) => ({ EbsOptimized: flag(value) })],
  ['enaSupport', (value) => ({ EnaSupport: onlyTrue(value, 'enaSupport') })],
  ['sourceDestCheck', (value) => ({ SourceDestCheck: onlyTrue(value, 'sourceDestCheck') })],
  [
    'instanceInitiatedShutdownBehavior',
    (Value) => ({ InstanceInitiatedShutdownBehavior: { Value } }),
  ],
])

export const modifyInstanceAttribute: Ec2Operation<'ModifyInstanceAttribute'> = {
  accepts: {
    InstanceId: true,
    Attribute: is(...byName.keys()),
    Value: true,
    Groups: true,
    UserData: { Value: true },
    InstanceType: { Value: true },
    DisableApiTermination: { Value: true },
    DisableApiStop: { Value: true },
    SourceDestCheck: { Value: is(true) },
    InstanceInitiatedShutdownBehavior: { Value: true },
    EbsOptimized: { Value: true },
    EnaSupport: { Value: is(true) },
    BlockDeviceMappings: { DeviceName: true, Ebs: { DeleteOnTermination: true, VolumeId: true } },
  },
  async handle(given, { scope }, deps) {
    const input = spelledOut(given)
    requireOneAttribute(input)
    const id = required(input.InstanceId, 'instanceId')
    const [instance] = await valuesById(deps, scope, [id])
    if (!instance) throw instanceNotFound(id)
    const { network, compute } = deps
    const change = (part: Partial<Instance>) =>
      compute.instances.change(scope, id, (value) => ({ ...value, ...part }))
    const behavior = input.InstanceInitiatedShutdownBehavior?.Value
    if (behavior !== undefined) {
      if (behavior !== 'stop' && behavior !== 'terminate') {
        throw invalidParameterValue(behavior, 'instanceInitiatedShutdownBehavior')
      }
      await change({ shutdownBehavior: behavior })
    }
    if (input.DisableApiTermination?.Value !== undefined) {
      await change({ isProtected: input.DisableApiTermination.Value })
    }
    if (input.DisableApiStop?.Value !== undefined) {
      await change({ isStopProtected: input.DisableApiStop.Value })
    }
    if (input.EbsOptimized?.Value !== undefined) {
      if (instance.state !== 'stopped') throw incorrectInstanceState(id, 'ebsOptimized')
      await change({ ebsOptimized: input.EbsOptimized.Value })
    }
    if (input.UserData?.Value !== undefined) {
      if (instance.state !== 'stopped') throw incorrectInstanceState(id, 'userData')
      await change({ userData: Buffer.from(input.UserData.Value).toString('base64') })
    }
    if (input.InstanceType?.Value !== undefined) {
      await change({ instanceType: otherType(instance, input.InstanceType.Value) })
    }
    if (input.Groups && input.Groups.length > 0) {
      await network.interfaces.setSecurityGroups(scope, instance.interfaceId, input.Groups)
      await change({ securityGroupIds: input.Groups })
      await network.ensureApplied(scope, instance.vpcId)
    }
    if (input.BlockDeviceMappings) await keepOrDelete(deps, scope, id, input.BlockDeviceMappings)
    return {}
  },
}

/** As EC2 has it, so that none is changed when another is refused. */
function requireOneAttribute(input: Partial<ModifyInstanceAttributeCommandInput>): void {
  const { InstanceId: _, Attribute: __, Value: ___, DryRun: ____, ...attributes } = input
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined)
  if (given.length === 0) throw invalidCombination('No attributes specified.')
  if (given.length === 1) return
  const names = given.map(([name]) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`)
  throw invalidCombination(`Fields for multiple attribute types specified: ${names.join(', ')}`)
}

/** Whether volumes go with the instance. */
async function keepOrDelete(
  { compute, store }: Ec2Deps,
  scope: Scope,
  instanceId: string,
  mappings: readonly InstanceBlockDeviceMappingSpecification[],
): Promise<void> {
  const attached = (await valuesOf(store, volumes, scope)).filter(
    ({ attachment }) => attachment?.instanceId === instanceId,
  )
  const changes = mappings.map(({ DeviceName: device = '', Ebs: ebs = {} }) => {
    const deleteOnTermination = ebs.DeleteOnTermination ?? true
    const volume = attached.find(({ attachment }) => attachment?.device === device)
    if (!volume && device !== rootDevice) throw noSuchDevice(device)
    if (!volume && !deleteOnTermination) throw rootStays()
    if (volume && ebs.VolumeId !== undefined && ebs.VolumeId !== volume.volumeId) {
      throw invalidParameterValue(ebs.VolumeId, 'volumeId')
    }
    return { volume, deleteOnTermination }
  })
  for (const { volume, deleteOnTermination } of changes) {
    if (!volume) continue
    await compute.disks.changeVolume(scope, volume.volumeId, (value) =>
      value.attachment?.instanceId === instanceId
        ? { ...value, attachment: { ...value.attachment, deleteOnTermination } }
        : value,
    )
  }
}

/** The older form, `Attribute` and `Value`, in the words of the newer one. */
function spelledOut(input: ModifyInstanceAttributeCommandInput) {
  const { Attribute, Value } = input
  if (Attribute === undefined) return input
  const member = byName.get(Attribute)?.(required(Value, 'value'))
  return { ...input, ...member }
}

/** Its machine gets what the type says at its next start. */
function otherType({ instanceId, instanceType, state }: Instance, wanted: string): string {
  if (state !== 'stopped') throw incorrectInstanceState(instanceId, 'instanceType')
  const size = instanceSizes.get(wanted)
  if (!size || size.architecture !== instanceSizes.get(instanceType)?.architecture) {
    throw invalidParameterValue(wanted, 'instanceType')
  }
  return wanted
}
