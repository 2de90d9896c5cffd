import { instances } from '../../compute/instance.ts'
import { isImageId, isKnownImage } from '../../compute/domain/images.ts'
import { keyPairs } from '../../compute/key-pairs.ts'
import { zonesOf, type Scope } from '../../kernel/scope.ts'
import { valuesOf } from '../../network/lookup.ts'
import { securityGroups, subnets, vpcs } from '../../network/records.ts'
import type { ParameterLookups } from '../../stacks/parameter-lookups.ts'
import type { Ec2Deps } from './deps.ts'

/** What stack parameters of EC2's types are checked against, and the zones of `Fn::GetAZs`. */
export function parameterLookups(deps: Ec2Deps): ParameterLookups {
  const { store, network, compute } = deps
  type Exists = (scope: Scope, value: string) => Promise<boolean>
  const inDefaultVpc = async <T>(scope: Scope, read: () => Promise<T>): Promise<T> => {
    await network.ensureDefaultVpc(scope)
    return read()
  }
  const checks: Readonly<Record<string, Exists>> = {
    'AWS::EC2::AvailabilityZone::Name': async (scope, value) =>
      zonesOf(scope.region).includes(value),
    'AWS::EC2::Image::Id': async (_scope, value) =>
      isImageId(value) && (!compute.strictImages || isKnownImage(value)),
    'AWS::EC2::Instance::Id': async (scope, value) =>
      (await store.find(instances, scope, value)) !== undefined,
    'AWS::EC2::KeyPair::KeyName': async (scope, value) =>
      (await store.find(keyPairs, scope, value)) !== undefined,
    'AWS::EC2::SecurityGroup::GroupName': (scope, value) =>
      inDefaultVpc(scope, async () => {
        const groups = await valuesOf(store, securityGroups, scope)
        return groups.some((group) => group.name === value)
      }),
    'AWS::EC2::SecurityGroup::Id': (scope, value) =>
      inDefaultVpc(
        scope,
        async () => (await store.find(securityGroups, scope, value)) !== undefined,
      ),
    'AWS::EC2::Subnet::Id': (scope, value) =>
      inDefaultVpc(scope, async () => (await store.find(subnets, scope, value)) !== undefined),
    'AWS::EC2::VPC::Id': (scope, value) =>
      inDefaultVpc(scope, async () => (await store.find(vpcs, scope, value)) !== undefined),
  }
  return {
    async exists(scope, type, value) {
      return Object.hasOwn(checks, type) ? checks[type]?.(scope, value) : undefined
    },
    async zones(scope) {
      const standard = await network.defaultSubnets(scope)
      const zones = [...new Set(standard.map((subnet) => subnet.zone))].toSorted()
      return zones.length > 0 ? zones : zonesOf(scope.region)
    },
  }
}
