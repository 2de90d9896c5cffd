import { requireRecord } from '../../../network/lookup.ts'
import { natGateways, networkInterfaces } from '../../../network/records.ts'
import { interfaceInUse } from '../errors.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const deleteNetworkInterface: Ec2Operation<'DeleteNetworkInterface'> = {
  accepts: { NetworkInterfaceId: true },
  async handle(input, { scope }, { network, store }) {
    const id = required(input.NetworkInterfaceId, 'networkInterfaceId')
    await store.transaction(async (records) => {
      const { value } = await requireRecord(records, networkInterfaces, scope, id)
      const nat = await records.find(natGateways, scope, id.replace('eni-', 'nat-'))
      if (value.machineId !== undefined || nat) throw interfaceInUse(id)
      await network.interfaces.remove(records, scope, id)
    })
    return {}
  },
}
