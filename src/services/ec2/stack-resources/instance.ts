import type { RunInstancesCommandInput } from '@aws-sdk/client-ec2'
import { privateDnsName } from '../../../compute/domain/names.ts'
import type { Instance } from '../../../compute/instance.ts'
import type { Scope } from '../../../kernel/scope.ts'
import type {
  Inventory,
  Properties,
  ResourceContext,
  ResourceState,
} from '../../../stacks/resource-type.ts'
import { firstRefused } from '../../../wire/accept.ts'
import type { Ec2Deps } from '../deps.ts'
import { instanceDidNotRun, unsupportedMember } from '../errors.ts'
import { instanceSurroundings, publicNameOf } from '../instance-view.ts'
import { everyInstance, launchInstances, runMembers } from '../launch.ts'
import { instanceProperties } from '../launch-properties.ts'
import { flagOf, listOf, readTags, stackTags, textOf, type Ec2ResourceType } from '../stack-call.ts'

const name = 'AWS::EC2::Instance'

const runningMilliseconds = 10 * 60_000
const goneMilliseconds = 10 * 60_000

/** Changed in place; everything else about an instance is replaced with it. */
const changeable = [
  'Tags',
  'SecurityGroupIds',
  'DisableApiTermination',
  'InstanceInitiatedShutdownBehavior',
]

export const instanceType: Ec2ResourceType = {
  name,
  properties: instanceProperties,
  required: [],
  attributes: [
    'InstanceId',
    'AvailabilityZone',
    'PrivateIp',
    'PublicIp',
    'PrivateDnsName',
    'PublicDnsName',
    'VpcId',
  ],
  signalledBy: 'instances',
  replaceOn: Object.keys(instanceProperties).filter((each) => !changeable.includes(each)),
  async create(properties, context, deps) {
    const input = runInput(properties, context)
    const refused = firstRefused(input, { ...runMembers, ...everyInstance, count: true })
    if (refused !== undefined) throw unsupportedMember(refused, name)
    const [record] = await launchInstances(deps, context.scope, input)
    const id = record?.id ?? ''
    await context.started(id)
    return runningState(id, context, deps)
  },
  async update({ physicalId, after }, context, deps) {
    const { scope } = context
    const { instances } = deps.compute
    const groups = listOf<string>(after, 'SecurityGroupIds')
    const tags = stackTags(after, context)
    const isProtected = flagOf(after, 'DisableApiTermination') ?? false
    const shutdownBehavior =
      textOf(after, 'InstanceInitiatedShutdownBehavior') === 'terminate' ? 'terminate' : 'stop'
    await instances.change(scope, physicalId, (instance) => ({
      ...instance,
      tags,
      isProtected,
      shutdownBehavior,
    }))
    const record = await instances.find(scope, physicalId)
    if (record && groups.length > 0) {
      const { interfaceId } = record.value
      await deps.network.interfaces.setSecurityGroups(scope, interfaceId, groups)
      await instances.change(scope, physicalId, (instance) => ({
        ...instance,
        securityGroupIds: groups,
      }))
    }
    return runningState(physicalId, context, deps)
  },
  async read({ physicalId }, context, { compute }) {
    const found = await compute.instances.find(context.scope, physicalId)
    if (!found || found.value.desired === 'terminated') return undefined
    const { instanceType, keyName, subnetId, securityGroupIds, tags } = found.value
    return {
      InstanceType: instanceType,
      KeyName: keyName,
      SubnetId: subnetId,
      SecurityGroupIds: securityGroupIds,
      DisableApiTermination: found.value.isProtected ?? false,
      ...readTags(tags, context),
    }
  },
  async remove({ physicalId }, context, { compute }) {
    const { scope } = context
    const known = await compute.instances.find(scope, physicalId)
    if (!known) return
    await compute.instances.terminate(scope, physicalId)
    await context.until(`instance ${physicalId} to terminate`, goneMilliseconds, async () => {
      const record = await compute.instances.find(scope, physicalId)
      return !record || record.value.state === 'terminated' ? true : undefined
    })
  },
  inventory: instanceInventory,
}

function instanceInventory(deps: Ec2Deps): Inventory {
  const { instances } = deps.compute
  return {
    identifier: 'InstanceId',
    async list(scope) {
      const all = await instances.list(scope)
      return all.flatMap(({ id, value }) => (value.desired === 'terminated' ? [] : [id]))
    },
    async describe(physicalId, scope) {
      const instance = (await instances.find(scope, physicalId))?.value
      if (!instance || instance.desired === 'terminated') return undefined
      return {
        ImageId: instance.imageId,
        InstanceType: instance.instanceType,
        KeyName: instance.keyName,
        SubnetId: instance.subnetId,
        SecurityGroupIds: instance.securityGroupIds,
        DisableApiTermination: instance.isProtected ?? false,
        InstanceInitiatedShutdownBehavior: instance.shutdownBehavior ?? 'stop',
        Tags: instance.tags,
        ...(await attributesOf(instance, scope, deps)),
      }
    },
  }
}

type RunInput = Omit<RunInstancesCommandInput, 'MinCount' | 'MaxCount'> & { count: number }

interface InterfaceProperties {
  readonly GroupSet?: string | string[]
  readonly DeviceIndex?: number
}

/** Properties that are not RunInstances' members as they stand. */
const translatedHere: readonly string[] = [
  'CreditSpecification',
  'AvailabilityZone',
  'Tenancy',
  'IamInstanceProfile',
  'Monitoring',
  'NetworkInterfaces',
  'SecurityGroupIds',
  'SecurityGroups',
  'Tags',
]

/** A template's properties → RunInstances. The token makes a second attempt find the same instance. */
function runInput(properties: Properties, context: ResourceContext): RunInput {
  const { AvailabilityZone, Tenancy, Monitoring, CreditSpecification } = properties
  const same = Object.entries(properties).filter(([property]) => !translatedHere.includes(property))
  const profile = textOf(properties, 'IamInstanceProfile')
  const interfaces = listOf<InterfaceProperties>(properties, 'NetworkInterfaces')
  const input = {
    ...Object.fromEntries(same),
    count: 1,
    ClientToken: context.token,
    SecurityGroupIds: listOf<string>(properties, 'SecurityGroupIds'),
    SecurityGroups: listOf<string>(properties, 'SecurityGroups'),
    NetworkInterfaces: interfaces.map(({ GroupSet, ...rest }) => ({
      ...rest,
      ...(GroupSet !== undefined && { Groups: [GroupSet].flat() }),
    })),
    TagSpecifications: [{ ResourceType: 'instance', Tags: stackTags(properties, context) }],
    ...((AvailabilityZone ?? Tenancy) !== undefined && {
      Placement: {
        ...(AvailabilityZone !== undefined && { AvailabilityZone }),
        ...(Tenancy !== undefined && { Tenancy }),
      },
    }),
    ...(profile !== undefined && {
      IamInstanceProfile: profile.startsWith('arn:') ? { Arn: profile } : { Name: profile },
    }),
    ...(Monitoring !== undefined && { Monitoring: { Enabled: Monitoring } }),
    ...(CreditSpecification !== undefined && {
      CreditSpecification: { CpuCredits: textOf(CreditSpecification as Properties, 'CPUCredits') },
    }),
  }
  // The members are RunInstances' own by name; what it does not honour is refused before it is launched.
  return input as unknown as RunInput
}

async function runningState(
  id: string,
  context: ResourceContext,
  deps: Ec2Deps,
): Promise<ResourceState> {
  const instance = await context.until(`instance ${id} to run`, runningMilliseconds, async () => {
    const record = await deps.compute.instances.find(context.scope, id)
    const state = record?.value.state
    if (record && state === 'running') return record.value
    if (state === 'pending') return undefined
    throw instanceDidNotRun(id, record?.value.stateReason?.message ?? state ?? 'it is gone')
  })
  return { physicalId: id, attributes: await attributesOf(instance, context.scope, deps) }
}

async function attributesOf(instance: Instance, scope: Scope, deps: Ec2Deps) {
  const around = await instanceSurroundings(deps, scope, [instance])
  return {
    InstanceId: instance.instanceId,
    AvailabilityZone: instance.zone,
    PrivateIp: instance.privateAddress,
    PublicIp: instance.publicAddress ?? '',
    PrivateDnsName: privateDnsName(scope.region, instance.privateAddress),
    PublicDnsName: publicNameOf(instance, around),
    VpcId: instance.vpcId,
  }
}
