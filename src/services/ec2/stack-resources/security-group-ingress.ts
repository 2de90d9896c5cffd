import { removeRule, ruleResource } from '../rule-resource.ts'
import { ingressProperties } from '../rule-properties.ts'
import type { Ec2ResourceType } from '../stack-call.ts'

const properties = { ...ingressProperties, GroupId: 'string', GroupName: 'string' } as const

export const securityGroupIngressType: Ec2ResourceType = {
  name: 'AWS::EC2::SecurityGroupIngress',
  properties,
  required: ['IpProtocol'],
  attributes: ['Id'],
  replaceOn: Object.keys(properties),
  create: (given, context, deps) => ruleResource('ingress', { properties: given, context, deps }),
  remove: ({ physicalId }, context, deps) => removeRule('ingress', { physicalId, context, deps }),
}
