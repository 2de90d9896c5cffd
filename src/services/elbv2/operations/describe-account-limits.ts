import { balancersMax, targetGroupsMax } from '../../../balance/balance-limits.ts'
import { is } from '../../../wire/accept.ts'
import type { Elbv2Operation } from '../deps.ts'

/** Only what is enforced: listeners, rules and registered targets are not counted here. */
export const describeAccountLimits: Elbv2Operation<'DescribeAccountLimits'> = {
  accepts: { PageSize: true, Marker: is('') },
  async handle() {
    return {
      Limits: [
        { Name: 'application-load-balancers', Max: String(balancersMax) },
        { Name: 'network-load-balancers', Max: String(balancersMax) },
        { Name: 'target-groups', Max: String(targetGroupsMax) },
      ],
    }
  },
}
