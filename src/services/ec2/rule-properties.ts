import type { IpPermission } from '@aws-sdk/client-ec2'
import type { Properties } from '../../stacks/resource-type.ts'
import { textOf } from './stack-call.ts'

const portProperties = {
  IpProtocol: 'string',
  FromPort: 'number',
  ToPort: 'number',
  CidrIp: 'string',
  CidrIpv6: 'string',
  Description: 'string',
} as const

/** A rule as templates write it: one peer each. */
export const ingressProperties = {
  ...portProperties,
  SourceSecurityGroupId: 'string',
  SourceSecurityGroupName: 'string',
  SourceSecurityGroupOwnerId: 'string',
} as const

export const egressProperties = {
  ...portProperties,
  DestinationSecurityGroupId: 'string',
} as const

/** A template's rule → the permission that the operations take. */
export function permissionOf(rule: Properties): IpPermission {
  const port = (name: string) => (rule[name] === undefined ? undefined : Number(rule[name]))
  const description = textOf(rule, 'Description')
  const described = description === undefined ? {} : { Description: description }
  const cidr = textOf(rule, 'CidrIp')
  const cidrIpv6 = textOf(rule, 'CidrIpv6')
  const groupId =
    textOf(rule, 'SourceSecurityGroupId') ?? textOf(rule, 'DestinationSecurityGroupId')
  const groupName = textOf(rule, 'SourceSecurityGroupName')
  const owner = textOf(rule, 'SourceSecurityGroupOwnerId')
  const hasGroup = groupId !== undefined || groupName !== undefined
  return {
    IpProtocol: textOf(rule, 'IpProtocol'),
    FromPort: port('FromPort'),
    ToPort: port('ToPort'),
    IpRanges: cidr === undefined ? [] : [{ CidrIp: cidr, ...described }],
    Ipv6Ranges: cidrIpv6 === undefined ? [] : [{ CidrIpv6: cidrIpv6, ...described }],
    UserIdGroupPairs: hasGroup
      ? [{ GroupId: groupId, GroupName: groupName, UserId: owner, ...described }]
      : [],
  }
}
