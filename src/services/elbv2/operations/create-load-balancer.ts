import type { CreateLoadBalancerInput } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Balancer } from '../../../balance/records.ts'
import type { Scope } from '../../../kernel/scope.ts'
import { is } from '../../../wire/accept.ts'
import type { Elbv2Deps, Elbv2Operation } from '../deps.ts'
import { loadBalancerNameTaken, validationError } from '../errors.ts'
import { checkName } from '../names.ts'
import { readTags } from '../tags.ts'
import { balancerView } from '../views.ts'

export const createLoadBalancer: Elbv2Operation<'CreateLoadBalancer'> = {
  accepts: {
    Name: true,
    Subnets: true,
    SubnetMappings: { SubnetId: true },
    SecurityGroups: true,
    Scheme: is('internet-facing', 'internal'),
    Tags: { Key: true, Value: true },
    Type: is('application', 'network'),
    IpAddressType: is('ipv4'),
  },
  async handle(input, { scope }, deps) {
    const { balancers } = deps.balance
    const name = readName(input.Name)
    const subnetIds = subnetsOf(input)
    const known = (await balancers.list(scope)).find((balancer) => balancer.name === name)
    const balancer =
      known === undefined
        ? await balancers.create(scope, {
            name,
            ...(input.Type === 'network' ? { type: input.Type } : {}),
            scheme: input.Scheme === 'internal' ? 'internal' : 'internet-facing',
            subnetIds,
            securityGroupIds: input.SecurityGroups ?? [],
            tags: readTags(input.Tags),
          })
        : await asBefore(deps, scope, { known, input })
    return { LoadBalancers: [balancerView(scope, balancer)] }
  },
}

function readName(name: string | undefined): string {
  if (name === undefined) throw validationError('A load balancer name must be specified')
  checkName('The load balancer name', name)
  if (name.startsWith('internal-')) {
    throw validationError("The load balancer name cannot begin with 'internal-'")
  }
  return name
}

/** The subnets of either form. */
export function subnetsOf(
  input: Pick<CreateLoadBalancerInput, 'Subnets' | 'SubnetMappings'>,
): readonly string[] {
  if (input.Subnets !== undefined && input.SubnetMappings !== undefined) {
    throw validationError('You can specify either subnets or subnet mappings, not both')
  }
  const mapped = input.SubnetMappings?.map((mapping) => mapping.SubnetId ?? '')
  return mapped ?? input.Subnets ?? []
}

/** Creating what is there with the same settings gives it again, as on AWS. */
async function asBefore(
  deps: Elbv2Deps,
  scope: Scope,
  { known, input }: { known: Balancer; input: CreateLoadBalancerInput },
): Promise<Balancer> {
  const subnetIds = subnetsOf(input)
  const { zones } = await deps.balance.balancers.zonesOf(scope, subnetIds, known.type)
  const subnets = (list: readonly { readonly subnetId: string }[]): string =>
    list
      .map((zone) => zone.subnetId)
      .toSorted()
      .join()
  const isSame =
    (input.Type ?? 'application') === (known.type ?? 'application') &&
    (input.Scheme ?? 'internet-facing') === known.scheme &&
    subnets(zones) === subnets(known.zones) &&
    (input.SecurityGroups === undefined ||
      input.SecurityGroups.toSorted().join() === known.securityGroupIds.toSorted().join())
  if (!isSame) throw loadBalancerNameTaken(known.name)
  return known
}
