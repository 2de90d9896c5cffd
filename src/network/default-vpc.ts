import { resourceId } from '../kernel/random.ts'
import { zonesOf, type Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { RecordExists, type Records } from '../store/records.ts'
import {
  defaultVpcs,
  internetGateways,
  networkAcls,
  routeTables,
  securityGroups,
  subnets,
  vpcs,
  type Route,
  type Vpc,
} from './records.ts'
import { Refusal } from './refusal.ts'

const marker = 'default'

/** The id of the scope's default VPC, made on first use; undefined once somebody deleted it. */
export async function ensureDefaultVpc(
  context: EngineContext,
  scope: Scope,
): Promise<string | undefined> {
  const { store } = context
  const known = await store.find(defaultVpcs, scope, marker)
  if (known) return known.value.vpcId
  try {
    return await store.transaction(async (records) => {
      const vpcId = await insertDefaultVpc(records, context, scope)
      await records.insert(defaultVpcs, { scope, id: marker }, { vpcId })
      return vpcId
    })
  } catch (thrown) {
    if (!(thrown instanceof RecordExists)) throw thrown
    return (await store.find(defaultVpcs, scope, marker))?.value.vpcId
  }
}

/** CreateDefaultVpc: again, after it was deleted. */
export async function createDefaultVpc(context: EngineContext, scope: Scope): Promise<string> {
  const before = await ensureDefaultVpc(context, scope)
  return context.store.transaction(async (records) => {
    const known = await records.find(defaultVpcs, scope, marker)
    if (!known || known.value.vpcId !== undefined) {
      throw new Refusal(
        'DefaultVpcAlreadyExists',
        `A Default VPC already exists for this account in this region: ${before}`,
      )
    }
    const vpcId = await insertDefaultVpc(records, context, scope)
    await records.update(known, { vpcId })
    return vpcId
  })
}

export async function forgetDefaultVpc(records: Records, scope: Scope): Promise<void> {
  const known = await records.find(defaultVpcs, scope, marker)
  if (known) await records.update(known, {})
}

/** The id of the network ACL that comes with a VPC. */
export function defaultAclId(vpcId: string): string {
  return vpcId.replace('vpc-', 'acl-')
}

/** A VPC with what every VPC has: a main route table, a default security group and a default network ACL. */
export async function insertVpc(
  records: Records,
  { random }: Pick<EngineContext, 'random'>,
  at: { scope: Scope; vpc: Vpc; routes?: readonly Route[] },
): Promise<{ routeTableId: string; groupId: string }> {
  const { scope, vpc, routes = [] } = at
  const { vpcId } = vpc
  const routeTableId = resourceId(random, 'rtb')
  const groupId = resourceId(random, 'sg')
  const owner = vpcId
  await records.insert(vpcs, { scope, id: vpcId }, vpc)
  await records.insert(
    routeTables,
    { scope, id: routeTableId, owner },
    {
      routeTableId,
      vpcId,
      routes,
      associations: [{ associationId: resourceId(random, 'rtbassoc') }],
      tags: [],
    },
  )
  const rule = { protocol: 'all', tags: [] as readonly Tag[] } as const
  await records.insert(
    securityGroups,
    { scope, id: groupId, owner },
    {
      groupId,
      name: 'default',
      description: 'default VPC security group',
      vpcId,
      rules: [
        { ...rule, ruleId: resourceId(random, 'sgr'), direction: 'ingress', peerGroupId: groupId },
        { ...rule, ruleId: resourceId(random, 'sgr'), direction: 'egress', cidr: '0.0.0.0/0' },
      ],
      tags: [],
    },
  )
  await records.insert(
    networkAcls,
    { scope, id: defaultAclId(vpcId), owner },
    {
      networkAclId: defaultAclId(vpcId),
      vpcId,
      isDefault: true,
      entries: (['ingress', 'egress'] as const).map((direction) => ({
        ...{ ruleNumber: 100, direction, protocol: -1 },
        ...{ cidr: '0.0.0.0/0', isAllowed: true },
      })),
      tags: [],
    },
  )
  return { routeTableId, groupId }
}

/** 172.31.0.0/16, a /20 in each zone, and a way to the internet. */
async function insertDefaultVpc(
  records: Records,
  context: EngineContext,
  scope: Scope,
): Promise<string> {
  const { random } = context
  const vpcId = resourceId(random, 'vpc')
  const internetGatewayId = resourceId(random, 'igw')
  const settings = { isDefault: true, dnsSupport: true, dnsHostnames: true, tags: [] }
  await insertVpc(records, context, {
    scope,
    vpc: { vpcId, cidr: '172.31.0.0/16', ...settings },
    routes: [{ destinationCidr: '0.0.0.0/0', gatewayId: internetGatewayId }],
  })
  await records.insert(
    internetGateways,
    { scope, id: internetGatewayId },
    { internetGatewayId, vpcId, tags: [] },
  )
  for (const [index, zone] of zonesOf(scope.region).entries()) {
    const subnetId = resourceId(random, 'subnet')
    const cidr = `172.31.${index * 16}.0/20`
    await records.insert(
      subnets,
      { scope, id: subnetId, owner: vpcId },
      { subnetId, vpcId, zone, cidr, isDefault: true, assignsPublicAddress: true, tags: [] },
    )
  }
  return vpcId
}
