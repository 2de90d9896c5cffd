import type { CreateAccessPointInput } from '@aws-sdk/client-elastic-load-balancing'
import type { ClassicPlaces } from '../../../balance/classic-catalogue.ts'
import type { ClassicBalancer, ClassicListener } from '../../../balance/classic-records.ts'
import type { Scope } from '../../../kernel/scope.ts'
import { is } from '../../../wire/accept.ts'
import type { ElbDeps, ElbOperation } from '../deps.ts'
import { loadBalancerNameTaken, validationError } from '../errors.ts'
import { isSame, listenerMembers, readListeners, withDefaultPolicy } from '../listeners.ts'
import { checkSecurityGroups } from '../security-groups.ts'
import { readTags } from '../tags.ts'

export const createLoadBalancer: ElbOperation<'CreateLoadBalancer'> = {
  accepts: {
    LoadBalancerName: true,
    Listeners: listenerMembers,
    AvailabilityZones: true,
    Subnets: true,
    SecurityGroups: true,
    Scheme: is('internet-facing', 'internal'),
    Tags: { Key: true, Value: true },
  },
  async handle(input, { scope }, deps) {
    const { classics } = deps.balance
    const name = checkName(input.LoadBalancerName)
    const tags = readTags(input.Tags)
    const listeners = await readListeners(deps, scope, input.Listeners)
    const places = placesOf(input)
    const { vpcId } = await classics.placesOf(scope, places)
    const securityGroupIds = input.SecurityGroups ?? []
    await checkSecurityGroups(deps, scope, { vpcId, groupIds: securityGroupIds })
    const known = await classics.find(scope, name)
    if (known !== undefined) {
      await checkSame(deps, scope, { known, input, listeners })
      return { DNSName: known.dnsName }
    }
    const scheme = input.Scheme === 'internal' ? 'internal' : 'internet-facing'
    const { policies } = withDefaultPolicy({ listeners, policies: [] })
    const made = await classics.create(scope, {
      ...{ name, scheme, places, securityGroupIds, listeners, policies, tags },
    })
    return { DNSName: made.dnsName }
  },
}

function checkName(name: string | undefined): string {
  if (name !== undefined && /^[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/.test(name)) return name
  throw validationError(
    `LoadBalancerName '${name ?? ''}' must have 1 to 32 letters, digits and inner hyphens`,
  )
}

function placesOf(
  input: Pick<CreateAccessPointInput, 'Subnets' | 'AvailabilityZones'>,
): ClassicPlaces {
  const { Subnets: subnetIds = [], AvailabilityZones: zones = [] } = input
  if (subnetIds.length > 0 && zones.length > 0) {
    throw validationError('Only one of Subnets or AvailabilityZones may be specified')
  }
  if (subnetIds.length > 0) return { subnetIds }
  if (zones.length > 0) return { zones }
  throw validationError('Either AvailabilityZones or Subnets must be specified')
}

/** Creating what is there with the same settings gives it again, as on AWS. */
async function checkSame(
  deps: ElbDeps,
  scope: Scope,
  of: {
    readonly known: ClassicBalancer
    readonly input: CreateAccessPointInput
    readonly listeners: readonly ClassicListener[]
  },
): Promise<void> {
  const { known, input, listeners } = of
  const { zones } = await deps.balance.classics.placesOf(scope, placesOf(input))
  const joined = (list: readonly string[]): string => list.toSorted().join()
  const subnetsOf = (list: ClassicBalancer['zones']) => joined(list.map((zone) => zone.subnetId))
  const groups = input.SecurityGroups ?? []
  const isAlike =
    (input.Scheme ?? 'internet-facing') === known.scheme &&
    subnetsOf(zones) === subnetsOf(known.zones) &&
    (groups.length === 0 || joined(groups) === joined(known.securityGroupIds)) &&
    listeners.length === known.listeners.length &&
    listeners.every((listener) => known.listeners.some((each) => isSame(each, listener)))
  if (!isAlike) throw loadBalancerNameTaken(known.name)
}
