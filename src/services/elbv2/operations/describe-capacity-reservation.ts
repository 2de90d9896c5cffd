import type { Elbv2Operation } from '../deps.ts'
import { requireBalancer } from '../find.ts'

/** A balancer here takes what its host carries; none has a reservation. */
export const describeCapacityReservation: Elbv2Operation<'DescribeCapacityReservation'> = {
  accepts: { LoadBalancerArn: true },
  async handle(input, { scope }, deps) {
    await requireBalancer(deps, scope, input.LoadBalancerArn)
    return { CapacityReservationState: [] }
  },
}
