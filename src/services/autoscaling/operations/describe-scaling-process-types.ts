import type { Operation } from '../../../wire/service.ts'
import { scalingProcesses } from '../scaling-processes.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const describeScalingProcessTypes: Operation<
  AutoScalingOperations,
  'DescribeScalingProcessTypes',
  AutoScalingDeps
> = {
  accepts: {},
  async handle() {
    return { Processes: scalingProcesses.map((ProcessName) => ({ ProcessName })) }
  },
}
