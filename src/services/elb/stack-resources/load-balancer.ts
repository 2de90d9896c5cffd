import type { CreateAccessPointInput } from '@aws-sdk/client-elastic-load-balancing'
import type { ClassicPlaces } from '../../../balance/classic-catalogue.ts'
import type { ClassicBalancer } from '../../../balance/classic-records.ts'
import type {
  Properties,
  PropertyTree,
  ResourceContext,
  ResourceState,
  ResourceType,
} from '../../../stacks/resource-type.ts'
import {
  declaredBalancer,
  declaredListeners,
  listOf,
  type BalancerProperties,
} from '../declared-balancer.ts'
import type { ElbDeps } from '../deps.ts'
import { loadBalancerNameTaken } from '../errors.ts'
import { requireBalancer } from '../find.ts'
import { allowLog } from '../allow-log.ts'
import { readListeners } from '../listeners.ts'
import { createLoadBalancer } from '../operations/create-load-balancer.ts'
import { checkSecurityGroups } from '../security-groups.ts'
import { callOperation, isOurs, stackTags } from '../stack-call.ts'
import { hostedZoneId, sourceOf } from '../views.ts'

const readyMilliseconds = 5 * 60_000
const nameLengthMax = 32

const properties: PropertyTree = {
  LoadBalancerName: 'string',
  Scheme: 'string',
  AvailabilityZones: true,
  Subnets: true,
  SecurityGroups: true,
  Instances: true,
  Listeners: {
    Protocol: 'string',
    LoadBalancerPort: 'number',
    InstanceProtocol: 'string',
    InstancePort: 'number',
    SSLCertificateId: 'string',
    PolicyNames: true,
  },
  HealthCheck: {
    Target: 'string',
    Interval: 'number',
    Timeout: 'number',
    UnhealthyThreshold: 'number',
    HealthyThreshold: 'number',
  },
  AppCookieStickinessPolicy: { PolicyName: 'string', CookieName: 'string' },
  LBCookieStickinessPolicy: { PolicyName: 'string', CookieExpirationPeriod: 'number' },
  Policies: {
    PolicyName: 'string',
    PolicyType: 'string',
    Attributes: { Name: 'string', Value: 'string' },
    LoadBalancerPorts: true,
  },
  CrossZone: 'boolean',
  ConnectionDrainingPolicy: { Enabled: 'boolean', Timeout: 'number' },
  ConnectionSettings: { IdleTimeout: 'number' },
  AccessLoggingPolicy: {
    Enabled: 'boolean',
    S3BucketName: 'string',
    S3BucketPrefix: 'string',
    EmitInterval: 'number',
  },
  Tags: { Key: 'string', Value: 'string' },
}

/** `AWS::ElasticLoadBalancing::LoadBalancer`: there when the gateways of all its zones listen, gone when they have left. */
export function loadBalancerType(deps: ElbDeps): ResourceType {
  return {
    name: 'AWS::ElasticLoadBalancing::LoadBalancer',
    properties,
    required: ['Listeners'],
    attributes: [
      'DNSName',
      'CanonicalHostedZoneName',
      'CanonicalHostedZoneNameID',
      'SourceSecurityGroup.GroupName',
      'SourceSecurityGroup.OwnerAlias',
    ],
    replaceOn: ['LoadBalancerName', 'Scheme'],
    async create(given, context) {
      const name = nameOf(given, context)
      const known = await deps.balance.classics.find(context.scope, name)
      if (known === undefined) await create(deps, name, { given, context })
      else if (!isOurs(known.tags, context)) throw loadBalancerNameTaken(name)
      await context.started(name)
      await settle(deps, name, { before: {}, after: given, context })
      return becomeCarried(deps, name, context)
    },
    async update({ physicalId, before, after }, context) {
      await move(deps, physicalId, { after, context })
      await settle(deps, physicalId, { before, after, context })
      return becomeCarried(deps, physicalId, context)
    },
    async remove({ physicalId }, context) {
      const known = await deps.balance.classics.find(context.scope, physicalId)
      await deps.balance.classics.remove(context.scope, physicalId)
      if (known) await leave(deps, known, context)
    },
  }
}

/** A balancer's name neither begins nor ends with a hyphen. */
function nameOf(given: Properties, context: ResourceContext): string {
  const { LoadBalancerName: name } = given as Partial<BalancerProperties>
  return name ?? context.physicalName(nameLengthMax).replace(/^-+|-+$/g, '')
}

async function create(
  deps: ElbDeps,
  name: string,
  { given, context }: { readonly given: Properties; readonly context: ResourceContext },
): Promise<void> {
  const { AvailabilityZones, Subnets, SecurityGroups, Scheme } = given as BalancerProperties
  const input: CreateAccessPointInput = {
    LoadBalancerName: name,
    Listeners: declaredListeners(given),
    ...(Subnets === undefined ? { AvailabilityZones } : { Subnets }),
    ...(SecurityGroups === undefined ? {} : { SecurityGroups }),
    ...(Scheme === undefined ? {} : { Scheme }),
    Tags: stackTags(given, context),
  }
  await callOperation(createLoadBalancer, 'CreateLoadBalancer', input, { context, deps })
}

/** Zones and security groups as the template has them now; both may change in place. */
async function move(
  deps: ElbDeps,
  name: string,
  { after, context }: { readonly after: Properties; readonly context: ResourceContext },
): Promise<void> {
  const { scope } = context
  const { classics } = deps.balance
  const given = after as BalancerProperties
  const places: ClassicPlaces =
    given.Subnets === undefined
      ? { zones: listOf(given.AvailabilityZones) }
      : { subnetIds: given.Subnets }
  const { zones, vpcId } = await classics.placesOf(scope, places)
  const groupIds = given.SecurityGroups ?? []
  await checkSecurityGroups(deps, scope, { vpcId, groupIds })
  await classics.modify(scope, name, (known) => ({
    ...known,
    zones,
    ...(groupIds.length === 0 ? {} : { securityGroupIds: groupIds, isInSharedGroup: false }),
  }))
}

interface Change {
  readonly before: Properties
  readonly after: Properties
  readonly context: ResourceContext
}

/** Listeners, policies, checks, attributes and tags in one write; then the instances that the template names. */
async function settle(deps: ElbDeps, name: string, change: Change): Promise<void> {
  const { before: former, after, context } = change
  const { scope } = context
  const { classics, classicRegistry } = deps.balance
  const listeners = await readListeners(deps, scope, declaredListeners(after))
  const tags = stackTags(after, context)
  const before = await requireBalancer(deps, scope, name)
  await allowLog(deps, scope, declaredBalancer(before, listeners, after))
  await classics.modify(scope, name, (known) => ({
    ...declaredBalancer(known, listeners, after),
    tags,
  }))
  const wanted = (after as BalancerProperties).Instances ?? []
  const gone = ((former as BalancerProperties).Instances ?? []).filter((id) => !wanted.includes(id))
  const registered = await classicRegistry.list(scope, name)
  const known = gone.filter((id) => registered.some((each) => each.instanceId === id))
  await classicRegistry.deregister(scope, name, known)
  await classicRegistry.register(scope, name, wanted)
}

async function becomeCarried(
  deps: ElbDeps,
  name: string,
  context: ResourceContext,
): Promise<ResourceState> {
  const { scope } = context
  await context.until(`load balancer ${name} to listen`, readyMilliseconds, async () =>
    (await deps.balance.classicRegistry.isCarried(scope, name)) ? true : undefined,
  )
  const balancer = await requireBalancer(deps, scope, name)
  const source = await sourceOf(deps, scope, balancer)
  return {
    physicalId: name,
    attributes: {
      DNSName: balancer.dnsName,
      CanonicalHostedZoneName: balancer.dnsName,
      CanonicalHostedZoneNameID: hostedZoneId,
      'SourceSecurityGroup.GroupName': source?.GroupName ?? '',
      'SourceSecurityGroup.OwnerAlias': source?.OwnerAlias ?? '',
    },
  }
}

/** Its subnets and security groups are free once its nodes, and gateways without any balancer, have left. */
async function leave(
  deps: ElbDeps,
  { balancerId, name }: ClassicBalancer,
  context: ResourceContext,
): Promise<void> {
  const { scope } = context
  await context.until(`load balancer ${name} to leave its subnets`, readyMilliseconds, async () => {
    const all = [
      ...(await deps.balance.balancers.list(scope)),
      ...(await deps.balance.classics.list(scope)),
    ]
    const served = new Set(all.flatMap(({ zones }) => zones.map((zone) => zone.subnetId)))
    const left = (await deps.network.interfaces.list(scope)).filter(
      (view) =>
        view.description === `ELB ${balancerId}` ||
        (view.description.startsWith('ELB gateway ') && !served.has(view.subnetId)),
    )
    return left.length === 0 ? true : undefined
  })
}
