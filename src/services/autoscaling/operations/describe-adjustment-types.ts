import type { Operation } from '../../../wire/service.ts'
import { adjustmentTypes } from '../policy-specification.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const describeAdjustmentTypes: Operation<
  AutoScalingOperations,
  'DescribeAdjustmentTypes',
  AutoScalingDeps
> = {
  accepts: {},
  async handle() {
    return { AdjustmentTypes: adjustmentTypes.map((AdjustmentType) => ({ AdjustmentType })) }
  },
}
