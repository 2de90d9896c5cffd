import type { Operation } from '../../../wire/service.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

/** AWS's defaults of a new account. Groups are not limited here; the number is shown for those who plan by it. */
const groupsMax = 500
const configurationsMax = 200

export const describeAccountLimits: Operation<
  AutoScalingOperations,
  'DescribeAccountLimits',
  AutoScalingDeps
> = {
  accepts: {},
  async handle(_input, request, deps) {
    return {
      MaxNumberOfAutoScalingGroups: groupsMax,
      MaxNumberOfLaunchConfigurations: configurationsMax,
      NumberOfAutoScalingGroups: (await deps.scale.list(request.scope)).length,
      NumberOfLaunchConfigurations: (await deps.scale.configurations(request.scope)).length,
    }
  },
}
