import type { Operation } from '../../../wire/service.ts'
import { checkGranularity, checkMetrics } from '../metrics-collection.ts'
import { changeGroup } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const enableMetricsCollection: Operation<
  AutoScalingOperations,
  'EnableMetricsCollection',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, Metrics: true, Granularity: true },
  async handle(input, { scope }, deps) {
    checkGranularity(input.Granularity)
    const added = checkMetrics(input.Metrics)
    await changeGroup(deps, scope, input.AutoScalingGroupName, (group) => ({
      ...group,
      enabledMetrics: [...new Set([...(group.enabledMetrics ?? []), ...added])],
    }))
    return {}
  },
}
