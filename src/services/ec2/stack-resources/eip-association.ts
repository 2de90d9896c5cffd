import { associateAddress, disassociateAddress } from '../elastic-address.ts'
import { required } from '../input.ts'
import { removeWhenFree, textOf, type Ec2ResourceType } from '../stack-call.ts'

export const eipAssociationType: Ec2ResourceType = {
  name: 'AWS::EC2::EIPAssociation',
  properties: {
    AllocationId: 'string',
    EIP: 'string',
    InstanceId: 'string',
    NetworkInterfaceId: 'string',
  },
  required: [],
  attributes: ['Id'],
  replaceOn: ['AllocationId', 'EIP', 'InstanceId', 'NetworkInterfaceId'],
  async create(properties, context, deps) {
    const { scope } = context
    const byAddress = async (): Promise<string> => {
      const publicAddress = required(textOf(properties, 'EIP'), 'AllocationId')
      return (await deps.network.elastic.find(scope, { publicAddress })).allocationId
    }
    const interfaceId = textOf(properties, 'NetworkInterfaceId')
    const { associationId } = await associateAddress(deps, scope, {
      allocationId: textOf(properties, 'AllocationId') ?? (await byAddress()),
      interfaceId,
      instanceId:
        interfaceId === undefined
          ? required(textOf(properties, 'InstanceId'), 'InstanceId')
          : undefined,
      mayMove: true,
    })
    await context.started(associationId)
    return { physicalId: associationId, attributes: { Id: associationId } }
  },
  async remove({ physicalId }, context, deps) {
    await removeWhenFree(physicalId, context, () =>
      disassociateAddress(deps, context.scope, physicalId),
    )
  },
}
