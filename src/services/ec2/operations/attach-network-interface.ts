import { instanceNotFound } from '../../../compute/instance-refusals.ts'
import { requireRecord } from '../../../network/lookup.ts'
import { networkInterfaces } from '../../../network/records.ts'
import { interfaceLimit } from '../errors.ts'
import { required } from '../input.ts'
import { valuesById } from '../instance-lookup.ts'
import type { Ec2Operation } from '../deps.ts'

/** Refused in the words of EC2 for a full instance: here an instance has the one interface of its launch. */
export const attachNetworkInterface: Ec2Operation<'AttachNetworkInterface'> = {
  accepts: { InstanceId: true, NetworkInterfaceId: true, DeviceIndex: true },
  async handle(input, { scope }, deps) {
    const id = required(input.NetworkInterfaceId, 'networkInterfaceId')
    const instanceId = required(input.InstanceId, 'instanceId')
    await requireRecord(deps.store, networkInterfaces, scope, id)
    const [instance] = await valuesById(deps, scope, [instanceId])
    if (!instance) throw instanceNotFound(instanceId)
    throw interfaceLimit(instance.instanceType)
  },
}
