import { associateAddress as associate } from '../elastic-address.ts'
import { missingParameter } from '../errors.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const associateAddress: Ec2Operation<'AssociateAddress'> = {
  accepts: {
    AllocationId: true,
    PublicIp: true,
    InstanceId: true,
    NetworkInterfaceId: true,
    AllowReassociation: true,
  },
  async handle(input, { scope }, deps) {
    const { InstanceId, NetworkInterfaceId } = input
    if (!InstanceId && !NetworkInterfaceId) throw missingParameter('instanceId')
    const byAddress = async (): Promise<string> => {
      const publicAddress = required(input.PublicIp, 'allocationId')
      return (await deps.network.elastic.find(scope, { publicAddress })).allocationId
    }
    const { associationId } = await associate(deps, scope, {
      allocationId: input.AllocationId ?? (await byAddress()),
      interfaceId: NetworkInterfaceId,
      instanceId: InstanceId,
      mayMove: input.AllowReassociation ?? true,
    })
    return { AssociationId: associationId }
  },
}
