import { privateDomain, publicDomain } from '../compute/domain/names.ts'
import type { Instance } from '../compute/instance.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Vpc } from '../network/records.ts'
import type { NetworkNames } from '../protocol/edge.ts'
import { resolverAddresses } from '../protocol/resolver-addresses.ts'
import { hasTargets, type Picture } from './plan-configuration.ts'
import { groupsOf, type Balancer } from './records.ts'

/** A VPC that has or had machines, and what its resolver knows of them. */
export type NamedNetwork = Omit<NetworkNames, 'balancers'>

interface Scoped<T> {
  readonly scope: Scope
  readonly value: T
}

/**
 * The networks whose resolver is on (`enableDnsSupport`) and that have a machine to ask it, or had one (`before`): the next finds it there.
 * Names of instances are there while the VPC gives any (`enableDnsHostnames`), as on AWS.
 */
export function drawNames(
  vpcs: readonly Scoped<Vpc>[],
  instances: readonly Scoped<Instance>[],
  before: readonly NamedNetwork[],
): readonly NamedNetwork[] {
  const had = new Set(before.map(({ networkId }) => networkId))
  const byVpc = Map.groupBy(
    instances.map(({ value }) => value).filter(({ state }) => state !== 'terminated'),
    ({ vpcId }) => vpcId,
  )
  return vpcs.flatMap(({ scope, value: { vpcId, cidr, dnsSupport, dnsHostnames } }) => {
    const members = byVpc.get(vpcId) ?? []
    if (!dnsSupport || (members.length === 0 && !had.has(vpcId))) return []
    const named = dnsHostnames ? members : []
    return [
      {
        networkId: vpcId,
        resolvers: resolverAddresses(cidr),
        privateDomain: privateDomain(scope.region),
        publicDomain: publicDomain(scope.region),
        addresses: named.map(({ privateAddress }) => privateAddress).toSorted(),
        publicAddresses: Object.fromEntries(
          named.flatMap(({ publicAddress, privateAddress }) =>
            publicAddress === undefined ? [] : [[publicAddress, privateAddress] as const],
          ),
        ),
      },
    ]
  })
}

/** With the balancers of each network: their nodes in zones whose gateway is there, or all nodes when no gateway is. */
export function planNames(
  picture: Picture,
  networks: readonly NamedNetwork[],
  isLost: (gatewayId: string) => boolean,
): readonly NetworkNames[] {
  const balancersOf = Map.groupBy(picture.balancers, ({ vpcId }) => vpcId)
  const serving = new Set(
    picture.gateways
      .filter(({ gatewayId }) => !isLost(gatewayId))
      .map(({ vpcId, subnetId }) => `${vpcId} ${subnetId}`),
  )
  return networks.map((network) => ({
    ...network,
    balancers: (balancersOf.get(network.networkId) ?? []).flatMap((balancer) => [
      {
        names: namesOf(balancer),
        addresses: nodesOf(picture, balancer, servingOf(picture, balancer, serving)),
      },
      ...zonalNames(picture, balancer),
    ]),
  }))
}

/** Of a network balancer, subnets whose zone has a target of each of its groups; all that serve when none has. */
function servingOf(
  picture: Picture,
  { type, balancerId, vpcId }: Balancer,
  serving: ReadonlySet<string>,
): ReadonlySet<string> {
  if (type !== 'network') return serving
  const groupIds = picture.listeners
    .filter((listener) => listener.balancerId === balancerId)
    .flatMap(({ action }) => groupsOf(action))
  const own = picture.gateways.filter(
    (gateway) => gateway.vpcId === vpcId && serving.has(`${vpcId} ${gateway.subnetId}`),
  )
  const found = own
    .filter((gateway) => groupIds.every((groupId) => hasTargets(picture, gateway, groupId)))
    .map(({ subnetId }) => `${vpcId} ${subnetId}`)
  return found.length > 0 ? new Set(found) : serving
}

/** A network balancer's node in each zone has a name of its own, which stays when others do not serve. */
function zonalNames({ nodeAddresses }: Picture, balancer: Balancer): NetworkNames['balancers'] {
  if (balancer.type !== 'network') return []
  return Array.from(
    Map.groupBy(balancer.zones, ({ zone }) => zone),
    ([zone, nodes]) => ({
      names: namesOf(balancer).map((name) => `${zone}.${name}`),
      addresses: nodes.flatMap(
        ({ subnetId }) => nodeAddresses.get(`${balancer.balancerId} ${subnetId}`) ?? [],
      ),
    }),
  )
}

function namesOf(balancer: Balancer): readonly string[] {
  return [balancer.dnsName.toLowerCase(), awsName(balancer)]
}

/** Some programs take every name below `localhost` for the machine itself and ask nobody: this one they ask for. */
function awsName({ dnsName }: Balancer): string {
  return dnsName.toLowerCase().replace(/\.localhost$/, '.amazonaws.com')
}

function nodesOf(
  { nodeAddresses }: Picture,
  { balancerId, vpcId, zones }: Balancer,
  serving: ReadonlySet<string>,
): readonly string[] {
  const nodes = zones.flatMap(({ subnetId }) => {
    const address = nodeAddresses.get(`${balancerId} ${subnetId}`)
    return address === undefined
      ? []
      : [{ address, isServing: serving.has(`${vpcId} ${subnetId}`) }]
  })
  const healthy = nodes.filter((node) => node.isServing)
  return (healthy.length > 0 ? healthy : nodes).map((node) => node.address)
}
