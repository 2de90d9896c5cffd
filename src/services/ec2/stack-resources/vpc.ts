import type { Scope } from '../../../kernel/scope.ts'
import { defaultAclId } from '../../../network/default-vpc.ts'
import { securityGroups, vpcs } from '../../../network/records.ts'
import { requireRecord, valuesOf } from '../../../network/lookup.ts'
import { recordInventory } from '../../../stacks/record-inventory.ts'
import type { Properties, ResourceContext, ResourceState } from '../../../stacks/resource-type.ts'
import type { Ec2Deps } from '../deps.ts'
import { unsupportedMember } from '../errors.ts'
import { unlessThere } from '../input.ts'
import {
  derivedId,
  readTags,
  flagOf,
  removeWhenFree,
  requiredText,
  stackTags,
  tagProperties,
  textOf,
  type Ec2ResourceType,
} from '../stack-call.ts'

const name = 'AWS::EC2::VPC'

export const vpcType: Ec2ResourceType = {
  name,
  properties: {
    CidrBlock: 'string',
    EnableDnsHostnames: 'boolean',
    EnableDnsSupport: 'boolean',
    InstanceTenancy: 'string',
    Tags: tagProperties,
  },
  required: ['CidrBlock'],
  attributes: [
    'VpcId',
    'CidrBlock',
    'DefaultSecurityGroup',
    'DefaultNetworkAcl',
    'CidrBlockAssociations',
  ],
  replaceOn: ['CidrBlock'],
  async create(properties, context, deps) {
    const vpcId = derivedId('vpc', context)
    const { catalogue } = deps.network
    const cidr = requiredText(properties, 'CidrBlock')
    checkSettings(properties)
    await unlessThere(() => catalogue.createVpc(context.scope, { vpcId, cidr, tags: [] }))
    await context.started(vpcId)
    return settle(vpcId, { properties, context, deps })
  },
  async update({ physicalId, after }, context, deps) {
    checkSettings(after)
    return settle(physicalId, { properties: after, context, deps })
  },
  async read({ physicalId }, context, { store }) {
    const found = await store.find(vpcs, context.scope, physicalId)
    if (!found) return undefined
    const { cidr, dnsHostnames, dnsSupport, tags } = found.value
    return {
      CidrBlock: cidr,
      EnableDnsHostnames: dnsHostnames,
      EnableDnsSupport: dnsSupport,
      ...readTags(tags, context),
    }
  },
  async remove({ physicalId }, context, { network }) {
    await removeWhenFree(physicalId, context, () =>
      network.catalogue.deleteVpc(context.scope, physicalId),
    )
  },
  inventory: (deps) =>
    recordInventory(deps.store, vpcs, {
      identifier: 'VpcId',
      async describe({ id, scope, value }) {
        return {
          EnableDnsHostnames: value.dnsHostnames,
          EnableDnsSupport: value.dnsSupport,
          InstanceTenancy: 'default',
          Tags: value.tags,
          ...(await attributesOf(id, scope, deps)),
        }
      },
    }),
}

/** No hardware is anyone's alone. */
function checkSettings(properties: Properties): void {
  if ((textOf(properties, 'InstanceTenancy') ?? 'default') !== 'default') {
    throw unsupportedMember('InstanceTenancy', name)
  }
}

async function settle(
  vpcId: string,
  at: { properties: Properties; context: ResourceContext; deps: Ec2Deps },
): Promise<ResourceState> {
  const { properties, context, deps } = at
  const { scope } = context
  const dnsHostnames = flagOf(properties, 'EnableDnsHostnames') ?? false
  const dnsSupport = flagOf(properties, 'EnableDnsSupport') ?? true
  const tags = stackTags(properties, context)
  await deps.network.catalogue.changeVpc(scope, vpcId, (vpc) => ({
    ...vpc,
    dnsHostnames,
    dnsSupport,
    tags,
  }))
  return { physicalId: vpcId, attributes: await attributesOf(vpcId, scope, deps) }
}

async function attributesOf(vpcId: string, scope: Scope, { store }: Ec2Deps): Promise<Properties> {
  const { value } = await requireRecord(store, vpcs, scope, vpcId)
  const groups = await valuesOf(store, securityGroups, scope, vpcId)
  return {
    VpcId: vpcId,
    CidrBlock: value.cidr,
    DefaultNetworkAcl: defaultAclId(vpcId),
    DefaultSecurityGroup: groups.find((group) => group.name === 'default')?.groupId,
    CidrBlockAssociations: [vpcId.replace('vpc-', 'vpc-cidr-assoc-')],
  }
}
