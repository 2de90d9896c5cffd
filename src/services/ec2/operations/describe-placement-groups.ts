import { filters } from '../input.ts'
import { refuseNamed } from '../nothing.ts'
import type { Ec2Operation } from '../deps.ts'

/** None: nobody can make any here. */
export const describePlacementGroups: Ec2Operation<'DescribePlacementGroups'> = {
  accepts: { GroupNames: true, Filters: filters },
  async handle(input) {
    refuseNamed(input.GroupNames, 'InvalidPlacementGroup.Unknown')
    return { PlacementGroups: [] }
  },
}
