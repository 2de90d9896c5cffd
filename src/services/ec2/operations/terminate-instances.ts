import { requireMayTerminate } from '../../../compute/instance-refusals.ts'
import { changeStates } from '../state-changes.ts'
import { requiredInstanceIds } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const terminateInstances: Ec2Operation<'TerminateInstances'> = {
  accepts: { InstanceIds: true },
  async handle(input, { scope }, deps) {
    const { instances } = deps.compute
    const ids = requiredInstanceIds(input.InstanceIds)
    // One that is protected holds back all of them.
    for (const id of ids) {
      const record = await instances.find(scope, id)
      if (record) requireMayTerminate(record.value)
    }
    const TerminatingInstances = await changeStates(deps, scope, {
      ids,
      change: (id) => instances.terminate(scope, id),
    })
    return { TerminatingInstances }
  },
}
