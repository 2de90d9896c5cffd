import type { Operation } from '../../../wire/service.ts'
import { hookTransitions } from '../hook-specification.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const describeLifecycleHookTypes: Operation<
  AutoScalingOperations,
  'DescribeLifecycleHookTypes',
  AutoScalingDeps
> = {
  accepts: {},
  async handle() {
    return { LifecycleHookTypes: Object.keys(hookTransitions) }
  },
}
