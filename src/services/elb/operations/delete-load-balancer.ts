import type { ElbOperation } from '../deps.ts'
import { validationError } from '../errors.ts'

export const deleteLoadBalancer: ElbOperation<'DeleteLoadBalancer'> = {
  accepts: { LoadBalancerName: true },
  async handle(input, { scope }, deps) {
    if (!input.LoadBalancerName) throw validationError('LoadBalancerName is required')
    await deps.balance.classics.remove(scope, input.LoadBalancerName)
    return {}
  },
}
