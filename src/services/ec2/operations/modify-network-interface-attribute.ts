import { is } from '../../../wire/accept.ts'
import { modify } from '../../../store/records.ts'
import { notFound, requireRecord } from '../../../network/lookup.ts'
import { networkInterfaces } from '../../../network/records.ts'
import { instances } from '../../../compute/instance.ts'
import { notYours } from '../errors.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const modifyNetworkInterfaceAttribute: Ec2Operation<'ModifyNetworkInterfaceAttribute'> = {
  accepts: {
    NetworkInterfaceId: true,
    Description: { Value: true },
    Groups: true,
    SourceDestCheck: { Value: is(true) },
  },
  async handle(input, { scope }, { network, store }) {
    const id = required(input.NetworkInterfaceId, 'networkInterfaceId')
    const { value } = await requireRecord(store, networkInterfaces, scope, id)
    const { machineId = '' } = value
    // A balancer's nodes and the like are not their users' to change.
    if (machineId !== '' && !machineId.startsWith('i-')) throw notYours()
    const description = input.Description?.Value
    const { Groups = [] } = input
    if (Groups.length > 0) {
      await network.interfaces.setSecurityGroups(scope, id, Groups)
      await modify(store, { kind: instances, scope, id: machineId }, (instance) => ({
        ...instance,
        securityGroupIds: Groups,
      }))
      await network.ensureApplied(scope, value.vpcId)
    }
    if (description !== undefined) {
      const at = { kind: networkInterfaces, scope, id }
      const done = await modify(store, at, (view) => ({ ...view, description }))
      if (!done) throw notFound(networkInterfaces, id)
    }
    return {}
  },
}
