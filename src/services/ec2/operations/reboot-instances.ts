import { changeStates } from '../state-changes.ts'
import { requiredInstanceIds } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const rebootInstances: Ec2Operation<'RebootInstances'> = {
  accepts: { InstanceIds: true },
  async handle(input, { scope }, deps) {
    await changeStates(deps, scope, {
      ids: requiredInstanceIds(input.InstanceIds),
      change: (id) => deps.compute.instances.reboot(scope, id),
    })
    return {}
  },
}
