import { changeStates } from '../state-changes.ts'
import { requiredInstanceIds } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const startInstances: Ec2Operation<'StartInstances'> = {
  accepts: { InstanceIds: true },
  async handle(input, { scope }, deps) {
    const { instances } = deps.compute
    const StartingInstances = await changeStates(deps, scope, {
      ids: requiredInstanceIds(input.InstanceIds),
      change: (id) => instances.start(scope, id),
    })
    return { StartingInstances }
  },
}
