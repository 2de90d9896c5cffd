import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import type { Network } from '../network/interfaces.ts'
import { Refusal } from '../network/refusal.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify, RecordExists } from '../store/records.ts'
import type { BalancerCatalogue } from './balancer-catalogue.ts'
import {
  classicBalancers,
  classicInstances,
  type ClassicBalancer,
  type ClassicHealthCheck,
  type ClassicListener,
  type ClassicPolicy,
} from './classic-records.ts'
import { digitsToNumber } from './dns-digits.ts'
import type { Balancer, BalancerZone } from './records.ts'

export interface NewClassicBalancer {
  readonly name: string
  readonly scheme: Balancer['scheme']
  readonly places: ClassicPlaces
  /** Of the VPC, which the caller has checked. When empty: the shared group of balancers in the default VPC, a VPC's default group elsewhere. */
  readonly securityGroupIds: readonly string[]
  readonly listeners: readonly ClassicListener[]
  readonly policies: readonly ClassicPolicy[]
  readonly tags: readonly Tag[]
}

/** Subnets of one VPC, or zones whose default subnets are meant. */
export type ClassicPlaces =
  | { readonly subnetIds: readonly string[] }
  | { readonly zones: readonly string[] }

/** Classic balancers as records. Failures are `Refusal`s with Elastic Load Balancing's codes. */
export interface ClassicCatalogue {
  create(scope: Scope, request: NewClassicBalancer): Promise<ClassicBalancer>
  find(scope: Scope, name: string): Promise<ClassicBalancer | undefined>
  list(scope: Scope): Promise<readonly ClassicBalancer[]>
  modify(
    scope: Scope,
    name: string,
    change: (balancer: ClassicBalancer) => ClassicBalancer,
  ): Promise<ClassicBalancer>
  /** With its registrations. Removing what is not there succeeds. */
  remove(scope: Scope, name: string): Promise<void>
  placesOf(
    scope: Scope,
    places: ClassicPlaces,
  ): Promise<{ readonly vpcId: string; readonly zones: readonly BalancerZone[] }>
}

export function classicNotFound(name: string): Refusal {
  return new Refusal('LoadBalancerNotFound', `There is no ACTIVE Load Balancer named '${name}'`)
}

/** AWS's default limit of classic balancers in a region. */
export const classicBalancersMax = 20

/** What AWS gives a balancer that was told nothing else. */
export const classicDefaults = {
  idleTimeoutSeconds: 60,
  drainingSeconds: 300,
  healthCheck: (listeners: readonly ClassicListener[]): ClassicHealthCheck => ({
    protocol: 'tcp',
    port: listeners[0]?.instancePort ?? 80,
    path: '',
    intervalSeconds: 30,
    timeoutSeconds: 5,
    unhealthyThreshold: 2,
    healthyThreshold: 10,
  }),
}

export function createClassicCatalogue(
  context: EngineContext,
  network: Network,
  balancers: Pick<BalancerCatalogue, 'zonesOf'>,
): ClassicCatalogue {
  const { store, random, clock } = context
  const catalogue: ClassicCatalogue = {
    async create(scope, request) {
      const { name, scheme, listeners, tags } = request
      const { vpcId, zones } = await catalogue.placesOf(scope, request.places)
      const guard = await guardOf(network, scope, { vpcId, request })
      const digits = random.hex(8)
      const prefix = scheme === 'internal' ? 'internal-' : ''
      const balancer: ClassicBalancer = {
        name,
        balancerId: `classic/${name}/${digits}`,
        dnsName: `${prefix}${name}-${digitsToNumber(digits)}.${scope.region}.elb.localhost`,
        ...{ scheme, vpcId, zones, ...guard, listeners },
        policies: request.policies,
        healthCheck: classicDefaults.healthCheck(listeners),
        isCrossZone: false,
        isDraining: false,
        drainingSeconds: classicDefaults.drainingSeconds,
        idleTimeoutSeconds: classicDefaults.idleTimeoutSeconds,
        createdAt: clock.now(),
        tags,
      }
      await insert(context, scope, balancer)
      return balancer
    },
    find: async (scope, name) => (await store.find(classicBalancers, scope, name))?.value,
    list: async (scope) => (await store.list(classicBalancers, scope)).map(({ value }) => value),
    async modify(scope, name, change) {
      const record = await modify(store, { kind: classicBalancers, scope, id: name }, change)
      if (!record) throw classicNotFound(name)
      return record.value
    },
    async remove(scope, name) {
      await store.transaction(async (records) => {
        const record = await records.find(classicBalancers, scope, name)
        if (!record) return
        for (const instance of await records.list(classicInstances, scope, { owner: name })) {
          await records.remove(instance)
        }
        await records.remove(record)
      })
    },
    async placesOf(scope, places) {
      if ('subnetIds' in places) return balancers.zonesOf(scope, places.subnetIds, 'network')
      const defaults = await network.defaultSubnets(scope)
      const subnetIds = [...new Set(places.zones)].map((zone) => {
        const subnet = defaults.find((each) => each.zone === zone)
        if (subnet) return subnet.subnetId
        const known = defaults.map((each) => each.zone).join(', ')
        const message = `Requested Availability Zone ${zone} is invalid. Subnets for the specified zones must be in the default VPC: ${known}`
        throw new Refusal('ValidationError', message)
      })
      return balancers.zonesOf(scope, subnetIds, 'network')
    },
  }
  return catalogue
}

async function guardOf(
  network: Network,
  scope: Scope,
  { vpcId, request }: { readonly vpcId: string; readonly request: NewClassicBalancer },
): Promise<Pick<ClassicBalancer, 'securityGroupIds' | 'isInSharedGroup'>> {
  const { securityGroupIds, places } = request
  if (securityGroupIds.length > 0) return { securityGroupIds, isInSharedGroup: false }
  if ('zones' in places) {
    const shared = await network.balancerSecurityGroup(scope, vpcId)
    return { securityGroupIds: [shared], isInSharedGroup: true }
  }
  const group = await network.defaultSecurityGroup(scope, vpcId)
  return { securityGroupIds: group === undefined ? [] : [group], isInSharedGroup: false }
}

async function insert(
  { store }: EngineContext,
  scope: Scope,
  balancer: ClassicBalancer,
): Promise<void> {
  const { name, vpcId } = balancer
  const known = await store.list(classicBalancers, scope)
  if (known.length >= classicBalancersMax && !known.some((record) => record.id === name)) {
    const message = `Exceeded quota of account ${scope.account}: ${classicBalancersMax} load balancers`
    throw new Refusal('TooManyLoadBalancers', message)
  }
  try {
    await store.insert(classicBalancers, { scope, id: name, owner: vpcId }, balancer)
  } catch (thrown) {
    if (!(thrown instanceof RecordExists)) throw thrown
    throw classicExists(name)
  }
}

function classicExists(name: string): Refusal {
  return new Refusal(
    'DuplicateLoadBalancerName',
    `A load balancer with the same name '${name}' and different configuration already exists`,
  )
}
