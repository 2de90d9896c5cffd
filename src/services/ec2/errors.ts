import { AwsError } from '../../kernel/errors.ts'
import { Refusal } from '../../network/refusal.ts'
import { tellingRefusals } from '../../wire/refusals.ts'

/** The engines refuse in EC2's own codes and words. */
export const asAwsError = tellingRefusals(Refusal)

export function missingParameter(name: string): AwsError {
  return new AwsError('MissingParameter', `The request must contain the parameter ${name}`)
}

export function invalidParameterValue(value: string, parameter: string): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    `Value (${value}) for parameter ${parameter} is invalid.`,
  )
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message)
}

export function invalidCombination(message: string): AwsError {
  return new AwsError('InvalidParameterCombination', message)
}

export function invalidFilter(name: string): AwsError {
  return new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`)
}

export function invalidNextToken(): AwsError {
  return new AwsError('InvalidNextToken', 'The specified next token is not valid.')
}

/** AWS answers a dry run that would succeed with this error. */
export function dryRunOperation(): AwsError {
  return new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', {
    status: 412,
  })
}

export function malformedId(code: string, id: string, prefix: string): AwsError {
  return new AwsError(code, `Invalid id: "${id}" (expecting "${prefix}-...")`)
}

export function unsupportedMember(path: string, operation: string): AwsError {
  return new AwsError(
    'UnsupportedOperation',
    `The parameter ${path} of ${operation} is not supported here, or not with this value.`,
  )
}

export function unsupportedResourceType(resourceType: string): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    `'${resourceType}' is not a valid taggable resource type for this operation.`,
  )
}

export function reservedTagKey(): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    "Tag keys starting with 'aws:' are reserved for internal use",
  )
}

export function tooLongTag(part: 'key' | 'value', most: number): AwsError {
  return new AwsError(
    'InvalidParameterValue',
    `Tag ${part} exceeds the maximum length of ${most} characters`,
  )
}

export function duplicateTagKey(key: string): AwsError {
  return new AwsError('InvalidParameterValue', `Duplicate tag key '${key}' specified.`)
}

export function tooManyTags(most: number): AwsError {
  return new AwsError('TagLimitExceeded', `You can not add more than ${most} tags to a resource.`)
}

export function malformedTemplateName(name: string): AwsError {
  return new AwsError(
    'InvalidLaunchTemplateName.MalformedException',
    `The launch template name '${name}' must have 3 to 128 letters, digits, parentheses, periods, hyphens, slashes and underscores.`,
  )
}

export function keyPairNotFound(name: string): AwsError {
  return new AwsError('InvalidKeyPair.NotFound', `The key pair '${name}' does not exist`)
}

export function keyPairDuplicate(name: string): AwsError {
  return new AwsError('InvalidKeyPair.Duplicate', `The keypair '${name}' already exists.`)
}

export function invalidKeyFormat(): AwsError {
  return new AwsError('InvalidKey.Format', 'Key is not in valid OpenSSH public key format')
}

export function idNotFound(id: string): AwsError {
  return new AwsError('InvalidID', `The ID '${id}' is not valid`)
}

export function imageNotFound(id: string): AwsError {
  return new AwsError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`)
}

export function malformedImageName(): AwsError {
  return new AwsError(
    'InvalidAMIName.Malformed',
    "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'",
  )
}

export function instanceTypeNotFound(names: readonly string[]): AwsError {
  return new AwsError(
    'InvalidInstanceType',
    `The following supplied instance types do not exist: [${names.join(', ')}]`,
  )
}

export function ruleIdNotFound(id: string): AwsError {
  return new AwsError(
    'InvalidSecurityGroupRuleId.NotFound',
    `The security group rule ID '${id}' does not exist`,
  )
}

export function zoneNotFound(zone: string): AwsError {
  return new AwsError('InvalidZone.NotFound', `The zone '${zone}' does not exist.`)
}

export function noDefaultVpc(): AwsError {
  return new AwsError('VPCIdNotSpecified', 'No default VPC for this user.')
}

export function groupNotFound(name: string): AwsError {
  return new AwsError('InvalidGroup.NotFound', `The security group '${name}' does not exist`)
}

export function incorrectInstanceState(id: string, attribute: string): AwsError {
  return new AwsError(
    'IncorrectInstanceState',
    `The instance '${id}' is not in the 'stopped' state, which changing ${attribute} needs.`,
  )
}

export function instanceDidNotRun(id: string, reason: string): AwsError {
  return new AwsError('InternalError', `Instance ${id} did not reach the state running: ${reason}`)
}

export function dhcpOptionsNotFound(id: string): AwsError {
  return new AwsError('InvalidDhcpOptionID.NotFound', `The dhcpOption ID '${id}' does not exist`)
}

export function noEndpointService(name: string): AwsError {
  return new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${name}' does not exist`)
}

/** Of a kind of which nothing exists here. */
export function noneThere(code: string, id: string): AwsError {
  return new AwsError(code, `The ID '${id}' does not exist`)
}

export function noEndpoint(id: string): AwsError {
  return new AwsError('InvalidVpcEndpointId.NotFound', `The Vpc Endpoint Id '${id}' does not exist`)
}

export function interfaceInUse(id: string): AwsError {
  return new AwsError('InvalidParameterValue', `Network interface '${id}' is currently in use.`)
}

export function notYours(): AwsError {
  return new AwsError(
    'AuthFailure',
    'You do not have permission to access the specified resource.',
    { status: 403 },
  )
}

export function interfaceLimit(instanceType: string): AwsError {
  return new AwsError(
    'AttachmentLimitExceeded',
    `Interface count 2 exceeds the limit for ${instanceType}`,
  )
}

export function primaryInterface(): AwsError {
  return new AwsError(
    'OperationNotPermitted',
    'The network interface at device index 0 cannot be detached.',
  )
}

export function attachmentNotFound(id: string): AwsError {
  return new AwsError(
    'InvalidAttachmentID.NotFound',
    `The interface attachment '${id}' does not exist.`,
  )
}

export function associationNotFound(id: string): AwsError {
  return new AwsError(
    'InvalidAssociationID.NotFound',
    `An invalid association-id of '${id}' was given`,
  )
}

export function incorrectImageState(id: string): AwsError {
  return new AwsError(
    'IncorrectState',
    `The instance '${id}' is neither running nor stopped, which making an image of it needs.`,
  )
}

/** Of a device that an instance does not have. */
export function noSuchDevice(device: string): AwsError {
  return new AwsError('InvalidInstanceAttributeValue', `No device is currently mapped at ${device}`)
}

/** The root volume has no life of its own. */
export function rootStays(): AwsError {
  return invalidCombination(
    "The root volume is the machine's own disk and goes with it: DeleteOnTermination of it cannot be false here.",
  )
}

export function volumeNotAttached(volumeId: string, where: string): AwsError {
  return new AwsError(
    'InvalidAttachment.NotFound',
    `The volume '${volumeId}' is not attached to ${where}.`,
  )
}

export function invalidMaxResults(message: string): AwsError {
  return new AwsError('InvalidMaxResults', message)
}

export function invalidParameterException(message: string): AwsError {
  return new AwsError('InvalidParameter', message)
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequest', message)
}
