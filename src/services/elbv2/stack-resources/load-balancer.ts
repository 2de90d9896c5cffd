import type { CreateLoadBalancerInput } from '@aws-sdk/client-elastic-load-balancing-v2'
import { balancerArn, openBalanceArn } from '../../../balance/arns.ts'
import type { Balancer } from '../../../balance/records.ts'
import type {
  Properties,
  ResourceContext,
  ResourceState,
  ResourceType,
} from '../../../stacks/resource-type.ts'
import type { Attribute } from '../attributes.ts'
import type { Elbv2Deps } from '../deps.ts'
import { loadBalancerNameTaken, loadBalancerNotFound } from '../errors.ts'
import { createLoadBalancer } from '../operations/create-load-balancer.ts'
import { deleteLoadBalancer } from '../operations/delete-load-balancer.ts'
import { modifyLoadBalancerAttributes } from '../operations/modify-load-balancer-attributes.ts'
import { setSecurityGroups } from '../operations/set-security-groups.ts'
import { setSubnets } from '../operations/set-subnets.ts'
import { callOperation, isOurs, pick, stackTags, tagProperties } from '../stack-call.ts'
import { hostedZoneOf } from '../views.ts'

const readyMilliseconds = 5 * 60_000
const nameLengthMax = 32

/** `AWS::ElasticLoadBalancingV2::LoadBalancer`: there when every zone's gateway carries it. */
export function loadBalancerType(deps: Elbv2Deps): ResourceType {
  return {
    name: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    properties: {
      Name: 'string',
      Type: 'string',
      Scheme: 'string',
      IpAddressType: 'string',
      Subnets: true,
      SubnetMappings: { SubnetId: 'string' },
      SecurityGroups: true,
      LoadBalancerAttributes: { Key: 'string', Value: 'string' },
      Tags: tagProperties,
    },
    required: [],
    attributes: [
      'DNSName',
      'LoadBalancerFullName',
      'LoadBalancerName',
      'LoadBalancerArn',
      'CanonicalHostedZoneID',
      'SecurityGroups',
    ],
    replaceOn: ['Name', 'Scheme', 'Type'],
    async create(properties, context) {
      const name = (properties['Name'] as string | undefined) ?? nameOf(context)
      const known = (await deps.balance.balancers.list(context.scope)).find(
        (balancer) => balancer.name === name,
      )
      if (known !== undefined && !isOurs(known.tags, context)) throw loadBalancerNameTaken(name)
      const members = ['Type', 'Scheme', 'IpAddressType', 'Subnets', 'SubnetMappings']
      const input = {
        ...pick(properties, [...members, 'SecurityGroups']),
        Name: name,
        Tags: stackTags(properties, context),
      } as CreateLoadBalancerInput
      const call = { context, deps }
      const made = await callOperation(createLoadBalancer, 'CreateLoadBalancer', input, call)
      const arn = made.LoadBalancers?.[0]?.LoadBalancerArn ?? ''
      await context.started(arn)
      await setAttributes(deps, arn, { properties, context })
      return becomeActive(deps, arn, context)
    },
    async update({ physicalId, after }, context) {
      await updateBalancer(deps, physicalId, { properties: after, context })
      return becomeActive(deps, physicalId, context)
    },
    async remove({ physicalId }, context) {
      const input = { LoadBalancerArn: physicalId }
      await callOperation(deleteLoadBalancer, 'DeleteLoadBalancer', input, { context, deps })
      await leave(deps, physicalId, context)
    },
  }
}

/** A name for a balancer neither begins nor ends with a hyphen. */
function nameOf(context: ResourceContext): string {
  return context.physicalName(nameLengthMax).replace(/^-+|-+$/g, '')
}

type Given = { readonly properties: Properties; readonly context: ResourceContext }

async function setAttributes(deps: Elbv2Deps, arn: string, given: Given): Promise<void> {
  const attributes = given.properties['LoadBalancerAttributes'] as Attribute[] | undefined
  if (attributes === undefined) return
  const input = {
    LoadBalancerArn: arn,
    Attributes: attributes.map(({ Key, Value }) => ({ Key, Value: String(Value) })),
  }
  const call = { context: given.context, deps }
  await callOperation(modifyLoadBalancerAttributes, 'ModifyLoadBalancerAttributes', input, call)
}

async function updateBalancer(deps: Elbv2Deps, arn: string, given: Given): Promise<void> {
  const { properties, context } = given
  const call = { context, deps }
  const SecurityGroups = properties['SecurityGroups'] as string[] | undefined
  if (SecurityGroups !== undefined) {
    const input = { LoadBalancerArn: arn, SecurityGroups }
    await callOperation(setSecurityGroups, 'SetSecurityGroups', input, call)
  }
  const subnets = { ...pick(properties, ['Subnets', 'SubnetMappings']), LoadBalancerArn: arn }
  await callOperation(setSubnets, 'SetSubnets', subnets, call)
  await setAttributes(deps, arn, given)
  const id = openBalanceArn(context.scope, arn)?.id ?? ''
  const tags = stackTags(properties, context)
  await deps.balance.balancers.modify(context.scope, id, (known) => ({ ...known, tags }))
}

async function becomeActive(
  deps: Elbv2Deps,
  arn: string,
  context: ResourceContext,
): Promise<ResourceState> {
  const id = openBalanceArn(context.scope, arn)?.id ?? ''
  const balancer = await context.until<Balancer>(
    `load balancer ${arn} to become active`,
    readyMilliseconds,
    async () => {
      const found = await deps.balance.balancers.find(context.scope, id)
      if (found === undefined) throw loadBalancerNotFound(arn)
      return found.state === 'active' ? found : undefined
    },
  )
  return {
    physicalId: balancerArn(context.scope, balancer.balancerId),
    attributes: {
      DNSName: balancer.dnsName,
      LoadBalancerFullName: balancer.balancerId,
      LoadBalancerName: balancer.name,
      LoadBalancerArn: arn,
      CanonicalHostedZoneID: hostedZoneOf(balancer),
      SecurityGroups: balancer.securityGroupIds,
    },
  }
}

/** Its subnets and security groups are free once its nodes, and gateways without any balancer, have left. */
async function leave(deps: Elbv2Deps, arn: string, context: ResourceContext): Promise<void> {
  const { scope } = context
  const id = openBalanceArn(scope, arn)?.id ?? ''
  await context.until(`load balancer ${arn} to leave its subnets`, readyMilliseconds, async () => {
    const balancers = [
      ...(await deps.balance.balancers.list(scope)),
      ...(await deps.balance.classics.list(scope)),
    ]
    const served = new Set(
      balancers.flatMap((balancer) => balancer.zones.map((zone) => zone.subnetId)),
    )
    const left = (await deps.network.interfaces.list(scope)).filter(
      (view) =>
        view.description === `ELB ${id}` ||
        (view.description.startsWith('ELB gateway ') && !served.has(view.subnetId)),
    )
    return left.length === 0 ? true : undefined
  })
}
