import type { ModifyInstanceAttributeCommandInput } from '@aws-sdk/client-ec2'
import type { Instance } from '../../../compute/instance.ts'
import { instanceNotFound } from '../../../compute/instance-refusals.ts'
import { valuesById } from '../instance-lookup.ts'
import { invalidParameterValue, incorrectInstanceState } from '../errors.ts'
import { instanceSizes } from '../../../compute/domain/instance-sizes.ts'
import { is } from '../../../wire/accept.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

const flag = (Value: string) => ({ Value: Value.toLowerCase() === 'true' })

const byName = new Map<string, (value: string) => Partial<ModifyInstanceAttributeCommandInput>>([
  ['instanceType', (Value) => ({ InstanceType: { Value } })],
  ['userData', (Value) => ({ UserData: { Value: Buffer.from(Value, 'base64') } })],
  ['disableApiTermination', (value) => ({ DisableApiTermination: flag(value) })],
  ['disableApiStop', (value) => ({ DisableApiStop: flag(value) })],
  ['ebsOptimized', (value) => ({ EbsOptimized: flag(value) })],
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
  },
  async handle(given, { scope }, deps) {
    const input = spelledOut(given)
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
    return {}
  },
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
