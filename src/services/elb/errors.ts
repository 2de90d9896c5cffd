import { AwsError } from '../../kernel/errors.ts'
import { Refusal } from '../../network/refusal.ts'
import { tellingRefusals } from '../../wire/refusals.ts'

const shapeNames: Readonly<Record<string, string>> = {
  DuplicateLoadBalancerName: 'DuplicateAccessPointNameException',
  InvalidConfigurationRequest: 'InvalidConfigurationRequestException',
  InvalidInstance: 'InvalidEndPointException',
  InvalidSecurityGroup: 'InvalidSecurityGroupException',
  LoadBalancerNotFound: 'AccessPointNotFoundException',
  SubnetNotFound: 'SubnetNotFoundException',
  TooManyLoadBalancers: 'TooManyAccessPointsException',
}

/** The engine refuses in the API's own codes and words; the model's shapes have names of their own. */
export const asAwsError = tellingRefusals(Refusal, shapeNames)

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message)
}

export function unsupportedMember(path: string, operation: string): AwsError {
  return validationError(
    `The parameter ${path} of ${operation} is not supported here, or not with this value.`,
  )
}

export function invalidConfiguration(message: string): AwsError {
  return new AwsError('InvalidConfigurationRequestException', message)
}

export function loadBalancerNotFound(name: string): AwsError {
  return new AwsError(
    'AccessPointNotFoundException',
    `There is no ACTIVE Load Balancer named '${name}'`,
  )
}

export function loadBalancerNameTaken(name: string): AwsError {
  return new AwsError(
    'DuplicateAccessPointNameException',
    `A load balancer with the same name '${name}' and different configuration already exists`,
  )
}

export function duplicateListener(name: string, port: number): AwsError {
  return new AwsError(
    'DuplicateListenerException',
    `A listener already exists for ${name} with LoadBalancerPort ${port}, but with a different InstancePort, Protocol, or SSLCertificateId`,
  )
}

export function listenerNotFound(name: string, port: number): AwsError {
  return new AwsError(
    'ListenerNotFoundException',
    `The load balancer ${name} has no listener on port ${port}`,
  )
}

export function certificateNotFound(arn: string): AwsError {
  return new AwsError(
    'CertificateNotFoundException',
    `Server Certificate not found for the key: ${arn}`,
  )
}

export function unsupportedProtocol(protocol: string): AwsError {
  return new AwsError(
    'UnsupportedProtocolException',
    `The protocol '${protocol}' is not supported here: listeners are HTTP, HTTPS or TCP, instances HTTP or TCP`,
  )
}

export function duplicatePolicy(name: string): AwsError {
  return new AwsError('DuplicatePolicyNameException', `A policy named '${name}' already exists`)
}

export function policyNotFound(name: string): AwsError {
  return new AwsError('PolicyNotFoundException', `There is no policy with name ${name}`)
}

export function policyTypeNotFound(name: string): AwsError {
  return new AwsError(
    'PolicyTypeNotFoundException',
    `Policy type '${name}' is not known, or not supported here`,
  )
}

export function securityGroupNotFound(id: string): AwsError {
  return new AwsError(
    'InvalidSecurityGroupException',
    `The security group '${id}' does not exist in the VPC of the load balancer`,
  )
}

export function reservedTagKey(): AwsError {
  return validationError('aws: prefixed tag key names are not allowed for external use.')
}

export function duplicateTagKeys(): AwsError {
  return new AwsError('DuplicateTagKeysException', 'Tag keys must be unique')
}

export function tooManyTags(most: number): AwsError {
  return new AwsError('TooManyTagsException', `A load balancer has at most ${most} tags`)
}
