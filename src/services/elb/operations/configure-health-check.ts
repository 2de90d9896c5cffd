import type { ElbOperation } from '../deps.ts'
import { requireBalancer } from '../find.ts'
import { healthCheckMembers, healthCheckView, readHealthCheck } from '../health-check.ts'

export const configureHealthCheck: ElbOperation<'ConfigureHealthCheck'> = {
  accepts: { LoadBalancerName: true, HealthCheck: healthCheckMembers },
  async handle(input, { scope }, deps) {
    const { name } = await requireBalancer(deps, scope, input.LoadBalancerName)
    const healthCheck = readHealthCheck(input.HealthCheck)
    await deps.balance.classics.modify(scope, name, (balancer) => ({ ...balancer, healthCheck }))
    return { HealthCheck: healthCheckView(healthCheck) }
  },
}
