import type { CreateSubnetCommandInput } from '@aws-sdk/client-ec2'
import { zoneIdOf } from '../../../compute/domain/names.ts'
import { zonesOf, type Scope } from '../../../kernel/scope.ts'
import { invalidCombination, invalidParameterValue } from '../errors.ts'
import { required, tagsFor, tagSpecifications } from '../input.ts'
import { subnetView } from '../network-views.ts'
import type { Ec2Operation } from '../deps.ts'

/** A zone by its name or by its id; both must not say different things. */
function zoneIn(
  { region }: Scope,
  { AvailabilityZone, AvailabilityZoneId }: CreateSubnetCommandInput,
): { zone?: string } {
  if (AvailabilityZoneId === undefined) {
    return AvailabilityZone === undefined ? {} : { zone: AvailabilityZone }
  }
  const zone = zonesOf(region).find((name) => zoneIdOf(name) === AvailabilityZoneId)
  if (zone === undefined) throw invalidParameterValue(AvailabilityZoneId, 'availabilityZoneId')
  if (AvailabilityZone !== undefined && AvailabilityZone !== zone) {
    throw invalidCombination('AvailabilityZone and AvailabilityZoneId name different zones.')
  }
  return { zone }
}

export const createSubnet: Ec2Operation<'CreateSubnet'> = {
  accepts: {
    VpcId: true,
    CidrBlock: true,
    AvailabilityZone: true,
    AvailabilityZoneId: true,
    TagSpecifications: tagSpecifications,
  },
  async handle(input, { scope }, { network }) {
    const subnet = await network.catalogue.createSubnet(scope, {
      vpcId: required(input.VpcId, 'vpcId'),
      cidr: required(input.CidrBlock, 'CidrBlock'),
      ...zoneIn(scope, input),
      tags: tagsFor('subnet', input.TagSpecifications),
    })
    return { Subnet: subnetView(subnet, { scope, addressesTaken: 0 }) }
  },
}
