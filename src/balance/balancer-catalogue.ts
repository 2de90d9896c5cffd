import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import type { Network } from '../network/interfaces.ts'
import { Refusal } from '../network/refusal.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify, RecordExists, type Records, type StoredRecord } from '../store/records.ts'
import { balancers, claims, listeners, rules, type Balancer, type BalancerZone } from './records.ts'
import { balancerArn } from './arns.ts'
import { balancersMax } from './balance-limits.ts'
import { digitsToNumber } from './dns-digits.ts'

export interface NewBalancer {
  readonly name: string
  readonly type?: 'network'
  readonly scheme: Balancer['scheme']
  readonly subnetIds: readonly string[]
  /** The VPC's default group when empty. */
  readonly securityGroupIds: readonly string[]
  readonly tags: readonly Tag[]
}

/** Balancers as records. Failures are `Refusal`s with ELBv2's codes. */
export interface BalancerCatalogue {
  create(scope: Scope, request: NewBalancer): Promise<Balancer>
  find(scope: Scope, balancerId: string): Promise<Balancer | undefined>
  list(scope: Scope): Promise<readonly Balancer[]>
  /** With its listeners and rules. Removing what is not there succeeds. */
  remove(scope: Scope, balancerId: string): Promise<void>
  modify(
    scope: Scope,
    balancerId: string,
    change: (balancer: Balancer) => Balancer,
  ): Promise<Balancer>
  /** The zones of subnets for one balancer: at least two, or one of a network balancer; one subnet each, all of one VPC. */
  zonesOf(
    scope: Scope,
    subnetIds: readonly string[],
    type?: 'network',
  ): Promise<{ readonly vpcId: string; readonly zones: readonly BalancerZone[] }>
  checkSecurityGroups(scope: Scope, vpcId: string, groupIds: readonly string[]): Promise<void>
}

export function balancerNotFound(what: string): Refusal {
  return new Refusal('LoadBalancerNotFound', `Load balancers '[${what}]' not found`)
}

function tooManyBalancers(type: Balancer['type']): Refusal {
  const message = `The limit of ${balancersMax} ${type ?? 'application'} load balancers has been reached`
  return new Refusal('TooManyLoadBalancers', message)
}

export function createBalancerCatalogue(
  context: EngineContext,
  network: Network,
): BalancerCatalogue {
  const { store, random, clock } = context
  const catalogue: BalancerCatalogue = {
    async create(scope, request) {
      const alike = (await catalogue.list(scope)).filter(({ type }) => type === request.type)
      if (alike.length >= balancersMax) throw tooManyBalancers(request.type)
      const { vpcId, zones } = await catalogue.zonesOf(scope, request.subnetIds, request.type)
      await catalogue.checkSecurityGroups(scope, vpcId, request.securityGroupIds)
      const securityGroupIds = [...request.securityGroupIds]
      if (securityGroupIds.length === 0) {
        const group = await network.defaultSecurityGroup(scope, vpcId)
        if (group !== undefined) securityGroupIds.push(group)
      }
      const digits = random.hex(8)
      const { name, type, scheme, tags } = request
      const prefix = scheme === 'internal' ? 'internal-' : ''
      const balancer: Balancer = {
        balancerId: `${type === 'network' ? 'net' : 'app'}/${name}/${digits}`,
        name,
        ...(type === undefined ? {} : { type }),
        dnsName: `${prefix}${name}-${digitsToNumber(digits)}.${scope.region}.elb.localhost`,
        scheme,
        vpcId,
        zones,
        securityGroupIds,
        idleTimeoutSeconds: type === 'network' ? connectionIdleSeconds : requestIdleSeconds,
        isProtected: false,
        createdAt: clock.now(),
        state: 'provisioning',
        tags,
      }
      await insertBalancer(context, scope, balancer)
      return balancer
    },
    find: async (scope, id) => (await store.find(balancers, scope, id))?.value,
    list: async (scope) => (await store.list(balancers, scope)).map((record) => record.value),
    async remove(scope, balancerId) {
      await store.transaction(async (records) => {
        const record = await records.find(balancers, scope, balancerId)
        if (record) await removeBalancer(records, record)
      })
    },
    async modify(scope, balancerId, change) {
      const record = await modify(store, { kind: balancers, scope, id: balancerId }, change)
      if (!record) throw balancerNotFound(balancerArn(scope, balancerId))
      return record.value
    },
    zonesOf: (scope, subnetIds, type) =>
      zonesOf(network, scope, { subnetIds, least: type === 'network' ? 1 : 2 }),
    async checkSecurityGroups(scope, vpcId, groupIds) {
      for (const id of groupIds) {
        const group = await network.securityGroup(scope, id)
        if (group?.vpcId === vpcId) continue
        const message = `One or more security groups are invalid: '${id}' is not in VPC '${vpcId}'`
        throw new Refusal(group ? 'InvalidSecurityGroup' : 'InvalidConfigurationRequest', message)
      }
    },
  }
  return catalogue
}

/** ELBv2's defaults. */
const requestIdleSeconds = 60
const connectionIdleSeconds = 350

async function insertBalancer(
  { store }: EngineContext,
  scope: Scope,
  balancer: Balancer,
): Promise<void> {
  try {
    await store.transaction(async (records) => {
      await records.insert(
        claims,
        { scope, id: `balancer/${balancer.name}` },
        { by: balancer.balancerId },
      )
      const at = { scope, id: balancer.balancerId, owner: balancer.vpcId }
      await records.insert(balancers, at, balancer)
    })
  } catch (thrown) {
    if (!(thrown instanceof RecordExists)) throw thrown
    throw new Refusal(
      'DuplicateLoadBalancerName',
      `A load balancer with the same name '${balancer.name}' exists, but with different settings`,
    )
  }
}

async function removeBalancer(records: Records, record: StoredRecord<Balancer>): Promise<void> {
  const { scope, id, value } = record
  for (const listener of await records.list(listeners, scope, { owner: id })) {
    await removeListener(records, scope, listener.id)
  }
  await removeClaim(records, scope, `balancer/${value.name}`)
  await records.remove(record)
}

/** A listener with its rules, within a transaction. */
export async function removeListener(
  records: Records,
  scope: Scope,
  listenerId: string,
): Promise<void> {
  const listener = await records.find(listeners, scope, listenerId)
  if (!listener) return
  for (const rule of await records.list(rules, scope, { owner: listenerId })) {
    await removeClaim(records, scope, `priority/${listenerId}/${rule.value.priority}`)
    await records.remove(rule)
  }
  const { balancerId, port } = listener.value
  await removeClaim(records, scope, `port/${balancerId}/${port}`)
  await records.remove(listener)
}

export async function removeClaim(records: Records, scope: Scope, id: string): Promise<void> {
  const claim = await records.find(claims, scope, id)
  if (claim) await records.remove(claim)
}

async function zonesOf(
  network: Network,
  scope: Scope,
  { subnetIds, least }: { readonly subnetIds: readonly string[]; readonly least: 1 | 2 },
): Promise<{ vpcId: string; zones: readonly BalancerZone[] }> {
  const zones: BalancerZone[] = []
  const vpcIds = new Set<string>()
  for (const subnetId of subnetIds) {
    const subnet = await network.subnet(scope, subnetId)
    if (subnet === undefined) {
      throw new Refusal('SubnetNotFound', `The subnet ID '${subnetId}' does not exist`)
    }
    if (zones.some((zone) => zone.zone === subnet.zone)) {
      const message = `A load balancer cannot be attached to multiple subnets in the same Availability Zone`
      throw new Refusal('InvalidConfigurationRequest', message)
    }
    zones.push({ zone: subnet.zone, subnetId })
    vpcIds.add(subnet.vpcId)
  }
  const [vpcId] = vpcIds
  if (vpcIds.size > 1) {
    throw new Refusal('InvalidConfigurationRequest', 'All subnets must belong to the same VPC')
  }
  if (vpcId === undefined || zones.length < least) {
    const message =
      least === 1
        ? 'At least one subnet must be specified'
        : 'At least two subnets in two different Availability Zones must be specified'
    throw new Refusal('ValidationError', message)
  }
  return { vpcId, zones }
}
