import type { Operation } from '../../../wire/service.ts'
import { checkMetrics } from '../metrics-collection.ts'
import { changeGroup } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const disableMetricsCollection: Operation<
  AutoScalingOperations,
  'DisableMetricsCollection',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, Metrics: true },
  async handle(input, { scope }, deps) {
    const gone = checkMetrics(input.Metrics)
    await changeGroup(deps, scope, input.AutoScalingGroupName, (group) => ({
      ...group,
      enabledMetrics: (group.enabledMetrics ?? []).filter((metric) => !gone.includes(metric)),
    }))
    return {}
  },
}
