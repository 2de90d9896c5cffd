import { urlSuffixOf } from '../../../kernel/scope.ts'
import { filtered } from '../filters.ts'
import { filters } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

/** Every region name works here; these are shown besides the one that is asked. */
const shownRegions = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'eu-west-1',
  'eu-central-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-northeast-1',
]

export const describeRegions: Ec2Operation<'DescribeRegions'> = {
  accepts: { RegionNames: true, Filters: filters, AllRegions: true },
  async handle(input, { scope }) {
    const wantedNames = input.RegionNames ?? []
    const names = wantedNames.length > 0 ? wantedNames : [...shownRegions, scope.region]
    const all = [...new Set(names)].map((name) => ({ name, tags: [] }))
    const endpointOf = (name: string) => `ec2.${name}.${urlSuffixOf(name)}`
    const shown = filtered(all, input.Filters, {
      'region-name': (region) => region.name,
      endpoint: (region) => endpointOf(region.name),
      'opt-in-status': () => 'opt-in-not-required',
    })
    return {
      Regions: shown.map(({ name }) => ({
        RegionName: name,
        Endpoint: endpointOf(name),
        OptInStatus: 'opt-in-not-required',
      })),
    }
  },
}
