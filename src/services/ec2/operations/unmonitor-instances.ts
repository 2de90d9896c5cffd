import { requiredInstanceIds } from '../input.ts'
import { setMonitoring } from '../monitoring.ts'
import type { Ec2Operation } from '../deps.ts'

export const unmonitorInstances: Ec2Operation<'UnmonitorInstances'> = {
  accepts: { InstanceIds: true },
  async handle(input, { scope }, deps) {
    const ids = requiredInstanceIds(input.InstanceIds)
    return { InstanceMonitorings: await setMonitoring(deps, scope, { ids, isOn: false }) }
  },
}
