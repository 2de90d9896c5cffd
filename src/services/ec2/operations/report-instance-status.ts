import { required, requiredInstanceIds } from '../input.ts'
import { valuesById } from '../instance-lookup.ts'
import type { Ec2Operation } from '../deps.ts'

/** As on EC2 a report changes no status: it tells whoever runs the hosts, here through the log of the server's caller. */
export const reportInstanceStatus: Ec2Operation<'ReportInstanceStatus'> = {
  accepts: {
    Instances: true,
    Status: true,
    ReasonCodes: true,
    StartTime: true,
    EndTime: true,
    Description: true,
  },
  async handle(input, { scope }, deps) {
    required(input.Status, 'status')
    required(input.ReasonCodes, 'reasonCodes')
    await valuesById(deps, scope, requiredInstanceIds(input.Instances))
    return {}
  },
}
