import { classicBalancersMax } from '../../../balance/classic-catalogue.ts'
import { is } from '../../../wire/accept.ts'
import type { ElbOperation } from '../deps.ts'

/** Only what is enforced: listeners and registered instances are not counted here. */
export const describeAccountLimits: ElbOperation<'DescribeAccountLimits'> = {
  accepts: { PageSize: true, Marker: is('') },
  async handle() {
    return { Limits: [{ Name: 'classic-load-balancers', Max: String(classicBalancersMax) }] }
  },
}
