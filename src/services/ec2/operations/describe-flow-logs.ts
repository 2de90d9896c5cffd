import { filters } from '../input.ts'
import { refuseNamed } from '../nothing.ts'
import type { Ec2Operation } from '../deps.ts'

/** None: nobody can make any here. */
export const describeFlowLogs: Ec2Operation<'DescribeFlowLogs'> = {
  accepts: { FlowLogIds: true, Filter: filters, NextToken: true, MaxResults: true },
  async handle(input) {
    refuseNamed(input.FlowLogIds, 'InvalidFlowLogId.NotFound')
    return { FlowLogs: [] }
  },
}
