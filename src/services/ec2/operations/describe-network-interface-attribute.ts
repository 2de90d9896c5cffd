import { requireRecord, valuesOf } from '../../../network/lookup.ts'
import { networkInterfaces, securityGroups } from '../../../network/records.ts'
import { invalidParameterValue } from '../errors.ts'
import { required } from '../input.ts'
import { interfaceView } from '../network-views.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeNetworkInterfaceAttribute: Ec2Operation<'DescribeNetworkInterfaceAttribute'> =
  {
    accepts: { NetworkInterfaceId: true, Attribute: true },
    async handle(input, { scope }, { store }) {
      const id = required(input.NetworkInterfaceId, 'networkInterfaceId')
      const { value } = await requireRecord(store, networkInterfaces, scope, id)
      const groups = await valuesOf(store, securityGroups, scope, value.vpcId)
      const groupNames = new Map(groups.map((group) => [group.groupId, group.name]))
      const view = interfaceView(value, { scope, groupNames })
      const answer = { NetworkInterfaceId: id }
      const attribute: string = input.Attribute ?? ''
      switch (attribute) {
        case 'description':
          return { ...answer, Description: { Value: value.description } }
        case 'groupSet':
          return { ...answer, ...(view.Groups && { Groups: view.Groups }) }
        case 'sourceDestCheck':
          return { ...answer, SourceDestCheck: { Value: true } }
        case 'attachment':
          return { ...answer, ...(view.Attachment && { Attachment: view.Attachment }) }
        default:
          throw invalidParameterValue(attribute, 'attribute')
      }
    },
  }
