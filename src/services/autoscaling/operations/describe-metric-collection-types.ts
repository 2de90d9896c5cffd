import type { Operation } from '../../../wire/service.ts'
import { groupMetrics } from '../../../scale/domain/group-metrics.ts'
import { granularity } from '../metrics-collection.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const describeMetricCollectionTypes: Operation<
  AutoScalingOperations,
  'DescribeMetricCollectionTypes',
  AutoScalingDeps
> = {
  accepts: {},
  async handle() {
    return {
      Metrics: groupMetrics.map((Metric) => ({ Metric })),
      Granularities: [{ Granularity: granularity }],
    }
  },
}
