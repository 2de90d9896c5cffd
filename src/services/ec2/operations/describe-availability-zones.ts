import { zoneIdOf } from '../../../compute/domain/names.ts'
import { zonesOf } from '../../../kernel/scope.ts'
import { invalidParameterValue } from '../errors.ts'
import { filtered, chosen, metByNothing } from '../filters.ts'
import { filters } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeAvailabilityZones: Ec2Operation<'DescribeAvailabilityZones'> = {
  accepts: { ZoneNames: true, ZoneIds: true, Filters: filters, AllAvailabilityZones: true },
  async handle(input, { scope }, { compute }) {
    const { region } = scope
    const faults = compute.zones.faults()
    const stateOf = (name: string) => {
      const fault = faults.get(name)
      if (fault === undefined) return 'available'
      return fault === 'killed' ? 'unavailable' : 'impaired'
    }
    const all = zonesOf(region).map((name) => ({ name, id: zoneIdOf(name), tags: [] }))
    const byName = chosen(all, input.ZoneNames, {
      idOf: (zone) => zone.name,
      missing: (name) => invalidParameterValue(name, 'availabilityZone'),
    })
    const byId = chosen(byName, input.ZoneIds, {
      idOf: (zone) => zone.id,
      missing: (id) => invalidParameterValue(id, 'zoneId'),
    })
    const messageOf = (name: string) => `zone is ${faults.get(name)}`
    const shown = filtered(byId, input.Filters, {
      'zone-name': (zone) => zone.name,
      'zone-id': (zone) => zone.id,
      'region-name': () => region,
      'zone-type': () => 'availability-zone',
      'opt-in-status': () => 'opt-in-not-required',
      'group-name': () => region,
      state: (zone) => stateOf(zone.name),
      message: (zone) => (faults.has(zone.name) ? messageOf(zone.name) : undefined),
      ...metByNothing('group-long-name', 'parent-zone-id', 'parent-zone-name'),
    })
    return {
      AvailabilityZones: shown.map((zone) => ({
        ZoneName: zone.name,
        ZoneId: zone.id,
        RegionName: region,
        GroupName: region,
        NetworkBorderGroup: region,
        ZoneType: 'availability-zone',
        OptInStatus: 'opt-in-not-required',
        State: stateOf(zone.name),
        Messages: faults.has(zone.name) ? [{ Message: messageOf(zone.name) }] : [],
      })),
    }
  },
}
