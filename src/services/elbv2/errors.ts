import { AwsError } from '../../kernel/errors.ts'
import { Refusal } from '../../network/refusal.ts'
import { tellingRefusals } from '../../wire/refusals.ts'

const shapeNames: Readonly<Record<string, string>> = {
  CertificateNotFound: 'CertificateNotFoundException',
  DuplicateListener: 'DuplicateListenerException',
  DuplicateLoadBalancerName: 'DuplicateLoadBalancerNameException',
  DuplicateTargetGroupName: 'DuplicateTargetGroupNameException',
  IncompatibleProtocols: 'IncompatibleProtocolsException',
  InvalidLoadBalancerAction: 'InvalidLoadBalancerActionException',
  InvalidConfigurationRequest: 'InvalidConfigurationRequestException',
  InvalidSecurityGroup: 'InvalidSecurityGroupException',
  InvalidTarget: 'InvalidTargetException',
  ListenerNotFound: 'ListenerNotFoundException',
  LoadBalancerNotFound: 'LoadBalancerNotFoundException',
  OperationNotPermitted: 'OperationNotPermittedException',
  PriorityInUse: 'PriorityInUseException',
  ResourceInUse: 'ResourceInUseException',
  RuleNotFound: 'RuleNotFoundException',
  SubnetNotFound: 'SubnetNotFoundException',
  TargetGroupAssociationLimit: 'TargetGroupAssociationLimitException',
  TargetGroupNotFound: 'TargetGroupNotFoundException',
  TooManyLoadBalancers: 'TooManyLoadBalancersException',
  TooManyTargetGroups: 'TooManyTargetGroupsException',
}

/** The engine refuses in ELBv2's own codes and words; the model's shapes are called `…Exception`. */
export const asAwsError = tellingRefusals(Refusal, shapeNames)

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message)
}

export function unsupportedMember(path: string, operation: string): AwsError {
  return validationError(
    `The parameter ${path} of ${operation} is not supported here, or not with this value.`,
  )
}

const nounNames = {
  loadbalancer: 'load balancer',
  listener: 'listener',
  'listener-rule': 'listener rule',
  targetgroup: 'target group',
} as const

/** Of a text that names nothing that the caller could have: no ARN, or one of another account or region. */
export function invalidArn(text: string, noun: keyof typeof nounNames): AwsError {
  return validationError(`'${text}' is not a valid ${nounNames[noun]} ARN`)
}

export function reservedTagKey(): AwsError {
  return validationError('aws: prefixed tag key names are not allowed for external use.')
}

export function defaultRuleIsFixed(arn: string, what: 'modified' | 'deleted'): AwsError {
  return operationNotPermitted(`Default rule '${arn}' cannot be ${what}`)
}

export function invalidConfiguration(message: string): AwsError {
  return new AwsError('InvalidConfigurationRequestException', message)
}

export function certificateNotFound(arn: string): AwsError {
  return new AwsError('CertificateNotFoundException', `Certificate ARN '${arn}' is not valid`)
}

export function sslPolicyNotFound(name: string): AwsError {
  return new AwsError('SSLPolicyNotFoundException', `SSL policy '${name}' not found here`)
}

export function loadBalancerNotFound(what: string): AwsError {
  return new AwsError('LoadBalancerNotFoundException', `Load balancers '[${what}]' not found`)
}

export function listenerNotFound(arn: string): AwsError {
  return new AwsError('ListenerNotFoundException', `One or more listeners not found: '${arn}'`)
}

export function ruleNotFound(arn: string): AwsError {
  return new AwsError('RuleNotFoundException', `One or more rules not found: '${arn}'`)
}

export function targetGroupNotFound(what: string): AwsError {
  return new AwsError(
    'TargetGroupNotFoundException',
    `One or more target groups not found: '${what}'`,
  )
}

export function operationNotPermitted(message: string): AwsError {
  return new AwsError('OperationNotPermittedException', message)
}

export function loadBalancerNameTaken(name: string): AwsError {
  return new AwsError(
    'DuplicateLoadBalancerNameException',
    `A load balancer with the same name '${name}' exists, but with different settings`,
  )
}

export function targetGroupNameTaken(name: string): AwsError {
  return new AwsError(
    'DuplicateTargetGroupNameException',
    `A target group with the same name '${name}' exists, but with different settings`,
  )
}

export function duplicateTagKeys(): AwsError {
  return new AwsError('DuplicateTagKeysException', 'Tag keys must be unique')
}

export function tooManyTags(most: number): AwsError {
  return new AwsError('TooManyTagsException', `There can be at most ${most} tags on a resource`)
}

export function trustStoreNotFound(name: string): AwsError {
  return new AwsError('TrustStoreNotFoundException', `Trust store '${name}' not found`)
}
