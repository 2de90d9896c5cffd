import { instanceNotFound } from '../../../compute/instance-refusals.ts'
import { required } from '../input.ts'
import { valuesById } from '../instance-lookup.ts'
import type { Ec2Operation } from '../deps.ts'

/** Empty, as for every machine that is not of Windows. */
export const getPasswordData: Ec2Operation<'GetPasswordData'> = {
  accepts: { InstanceId: true },
  async handle(input, { scope }, deps) {
    const id = required(input.InstanceId, 'instanceId')
    const [instance] = await valuesById(deps, scope, [id])
    if (!instance) throw instanceNotFound(id)
    return { InstanceId: id, Timestamp: new Date(instance.launchedAt), PasswordData: '' }
  },
}
