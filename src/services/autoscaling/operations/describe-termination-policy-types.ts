import type { Operation } from '../../../wire/service.ts'
import { terminationPolicies } from '../../../scale/domain/choose-termination.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const describeTerminationPolicyTypes: Operation<
  AutoScalingOperations,
  'DescribeTerminationPolicyTypes',
  AutoScalingDeps
> = {
  accepts: {},
  async handle() {
    return { TerminationPolicyTypes: [...terminationPolicies] }
  },
}
