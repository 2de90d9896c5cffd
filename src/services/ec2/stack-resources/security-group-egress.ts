import { removeRule, ruleResource } from '../rule-resource.ts'
import { egressProperties } from '../rule-properties.ts'
import type { Ec2ResourceType } from '../stack-call.ts'

const properties = { ...egressProperties, GroupId: 'string' } as const

export const securityGroupEgressType: Ec2ResourceType = {
  name: 'AWS::EC2::SecurityGroupEgress',
  properties,
  required: ['IpProtocol'],
  attributes: ['Id'],
  replaceOn: Object.keys(properties),
  create: (given, context, deps) => ruleResource('egress', { properties: given, context, deps }),
  remove: ({ physicalId }, context, deps) => removeRule('egress', { physicalId, context, deps }),
}
