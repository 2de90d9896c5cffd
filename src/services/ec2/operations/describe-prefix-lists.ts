import { describing } from '../input.ts'
import { refuseNamed } from '../nothing.ts'
import type { Ec2Operation } from '../deps.ts'

/** None: nobody can make any here. */
export const describePrefixLists: Ec2Operation<'DescribePrefixLists'> = {
  accepts: { PrefixListIds: true, ...describing },
  async handle(input) {
    refuseNamed(input.PrefixListIds, 'InvalidPrefixListID.NotFound')
    return { PrefixLists: [] }
  },
}
