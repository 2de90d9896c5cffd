import { natGateways } from '../../../network/records.ts'
import { modify } from '../../../store/records.ts'
import { missingParameter } from '../errors.ts'
import {
  derivedId,
  removeWhenFree,
  requiredText,
  stackTags,
  tagProperties,
  textOf,
  type Ec2ResourceType,
} from '../stack-call.ts'

export const natGatewayType: Ec2ResourceType = {
  name: 'AWS::EC2::NatGateway',
  properties: {
    SubnetId: 'string',
    AllocationId: 'string',
    ConnectivityType: 'string',
    PrivateIpAddress: 'string',
    Tags: tagProperties,
  },
  required: ['SubnetId'],
  attributes: ['NatGatewayId', 'EniId'],
  replaceOn: ['SubnetId', 'AllocationId', 'ConnectivityType', 'PrivateIpAddress'],
  async create(properties, context, { network }) {
    const natGatewayId = derivedId('nat', context)
    const allocationId = textOf(properties, 'AllocationId')
    const isPrivate = textOf(properties, 'ConnectivityType') === 'private'
    if (!isPrivate && allocationId === undefined) throw missingParameter('AllocationId')
    await context.started(natGatewayId)
    const privateAddress = textOf(properties, 'PrivateIpAddress')
    const made = await network.natGateways.create(context.scope, {
      natGatewayId,
      subnetId: requiredText(properties, 'SubnetId'),
      ...(!isPrivate && allocationId !== undefined && { allocationId }),
      ...(privateAddress !== undefined && { privateAddress }),
      tags: stackTags(properties, context),
    })
    return stateOf(natGatewayId, made.interfaceId)
  },
  async update({ physicalId, after }, context, { store }) {
    const tags = stackTags(after, context)
    const at = { kind: natGateways, scope: context.scope, id: physicalId }
    await modify(store, at, (gateway) => ({ ...gateway, tags }))
    return stateOf(physicalId, physicalId.replace('nat-', 'eni-'))
  },
  async remove({ physicalId }, context, { network }) {
    await removeWhenFree(physicalId, context, () =>
      network.natGateways.delete(context.scope, physicalId),
    )
  },
}

function stateOf(natGatewayId: string, interfaceId: string) {
  return {
    physicalId: natGatewayId,
    attributes: { NatGatewayId: natGatewayId, EniId: interfaceId },
  }
}
