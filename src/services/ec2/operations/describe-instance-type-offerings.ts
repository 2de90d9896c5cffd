import { zoneIdOf } from '../../../compute/domain/names.ts'
import { instanceSizes } from '../../../compute/domain/instance-sizes.ts'
import { zonesOf } from '../../../kernel/scope.ts'
import type { LocationType, _InstanceType } from '@aws-sdk/client-ec2'
import { invalidParameterValue } from '../errors.ts'
import { filtered, paged } from '../filters.ts'
import { describing } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

/** Every type in every zone. */
export const describeInstanceTypeOfferings: Ec2Operation<'DescribeInstanceTypeOfferings'> = {
  accepts: { LocationType: true, ...describing },
  async handle(input, { scope: { region } }) {
    const type: LocationType = input.LocationType ?? 'region'
    const places: Readonly<Record<string, readonly string[]>> = {
      region: [region],
      'availability-zone': zonesOf(region),
      'availability-zone-id': zonesOf(region).map(zoneIdOf),
    }
    const locations = Object.hasOwn(places, type) ? places[type] : undefined
    if (!locations) throw invalidParameterValue(type, 'locationType')
    const all = locations.flatMap((location) =>
      [...instanceSizes.keys()].map((name) => ({ location, name, tags: [] })),
    )
    const shown = filtered(all, input.Filters, {
      location: (offering) => offering.location,
      'instance-type': (offering) => offering.name,
    })
    const { items, ...page } = paged(shown, ({ location, name }) => `${location} ${name}`, input)
    return {
      InstanceTypeOfferings: items.map(({ location, name }) => ({
        InstanceType: name as _InstanceType,
        LocationType: type,
        Location: location,
      })),
      ...page,
    }
  },
}
