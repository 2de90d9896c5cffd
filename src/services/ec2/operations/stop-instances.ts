import { is } from '../../../wire/accept.ts'
import { changeStates } from '../state-changes.ts'
import { requiredInstanceIds } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const stopInstances: Ec2Operation<'StopInstances'> = {
  accepts: { InstanceIds: true, Force: is(false), Hibernate: is(false) },
  async handle(input, { scope }, deps) {
    const { instances } = deps.compute
    const StoppingInstances = await changeStates(deps, scope, {
      ids: requiredInstanceIds(input.InstanceIds),
      change: (id) => instances.stop(scope, id),
    })
    return { StoppingInstances }
  },
}
