/** Parameter types whose value, or each item of their list, must exist in the account. `KeyName` has no list form. */
const lookedUp: readonly string[] = [
  'AWS::EC2::AvailabilityZone::Name',
  'AWS::EC2::Image::Id',
  'AWS::EC2::Instance::Id',
  'AWS::EC2::SecurityGroup::GroupName',
  'AWS::EC2::SecurityGroup::Id',
  'AWS::EC2::Subnet::Id',
  'AWS::EC2::Volume::Id',
  'AWS::EC2::VPC::Id',
  'AWS::Route53::HostedZone::Id',
]

const keyName = 'AWS::EC2::KeyPair::KeyName'

/** What a parameter's type asks of its value. */
export interface ParameterKind {
  readonly isList: boolean
  readonly isNumber: boolean
  /** The AWS-specific type of the value, or of each item. */
  readonly lookup: string | undefined
  /** Its text is the name of an SSM parameter: `value` to stand for that one's value, `name` to be itself. */
  readonly stored?: 'value' | 'name'
}

/** Undefined for a type that AWS does not have, or that does not exist there. */
export function parameterKindOf(type: string): ParameterKind | undefined {
  if (type === 'AWS::SSM::Parameter::Name') {
    return { isList: false, isNumber: false, lookup: undefined, stored: 'name' }
  }
  const inner = /^AWS::SSM::Parameter::Value<(.+)>$/.exec(type)?.[1]
  if (inner !== undefined) {
    const kind = inner.includes('SSM') || inner === 'Number' ? undefined : parameterKindOf(inner)
    return kind && { ...kind, stored: 'value' }
  }
  if (type === 'String') return { isList: false, isNumber: false, lookup: undefined }
  if (type === 'Number') return { isList: false, isNumber: true, lookup: undefined }
  if (type === 'CommaDelimitedList') return { isList: true, isNumber: false, lookup: undefined }
  if (type === 'List<Number>') return { isList: true, isNumber: true, lookup: undefined }
  if (type === 'List<String>') return { isList: true, isNumber: false, lookup: undefined }
  if (type === keyName || lookedUp.includes(type)) {
    return { isList: false, isNumber: false, lookup: type }
  }
  const item = /^List<(.+)>$/.exec(type)?.[1]
  if (item !== undefined && lookedUp.includes(item)) {
    return { isList: true, isNumber: false, lookup: item }
  }
  return undefined
}
