import type { OperationDefinition } from '../../wire/service.ts'
import type { Ec2Deps } from './deps.ts'
import {
  invalidMaxResults,
  invalidParameter,
  invalidCombination,
  invalidParameterException,
  invalidRequest,
} from './errors.ts'

interface Bounds {
  readonly min: number
  /** Absent: larger pages are asked for without an error, and cut at EC2's own thousand. */
  readonly max?: number
  refuse(value: number, bounds: Bounds): Error
  /** The list of ids that goes with no size, and what the refusal calls it. */
  readonly without?: readonly [member: string, called: string]
}

/** Operations word this in more than one way. */
const ofInstances = (value: number, { min, max }: Bounds): Error =>
  invalidParameter(
    `Value ( ${value} ) for parameter maxResults is invalid. Expecting a value ${value < min ? `greater than ${min}` : `less than ${max}`}.`,
  )

const ofNetworks = (value: number, { min, max }: Bounds): Error => {
  const expected =
    value < min ? `greater than or equal to ${min}` : `smaller than or equal to ${max}`
  return invalidParameter(
    `Value ( ${value} ) for parameter MaxResults is invalid. Expecting a value ${expected}.`,
  )
}

const ofTypes = (value: number, { min, max }: Bounds): Error =>
  invalidMaxResults(
    `Value ( ${value} ) for parameter maxResults is invalid. Expecting a value from ( ${min} ) to  ( ${max} ).`,
  )

const ofTemplates = (_value: number, { min, max }: Bounds): Error =>
  invalidParameter(`Maximum results allowed are between ${min} and ${max}`)

const ofGateways = (value: number, { min, max }: Bounds): Error =>
  invalidParameterException(
    `1 validation error detected: Value '${value}' at 'maxResults' failed to satisfy constraint: Member must have value ${value < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`}`,
  )

const ofCredits = (value: number, { min, max }: Bounds): Error =>
  invalidRequest(
    `The value ${value} for the maxResults parameter must be between ${min} and ${max}. Change the value and try again.`,
  )

const instances = { min: 5, refuse: ofInstances }
const networks = { min: 5, max: 1000, refuse: ofNetworks }

/** As the models of EC2's clients have them; those of instances, volumes and their like as observed on AWS. */
const pageBounds: Readonly<Record<string, Bounds>> = {
  DescribeInstances: { ...instances, without: ['InstanceIds', 'instancesSet'] },
  DescribeInstanceStatus: { ...instances, without: ['InstanceIds', 'instancesSet'] },
  DescribeVolumes: { ...instances, without: ['VolumeIds', 'volumeSet'] },
  DescribeVolumeStatus: { ...instances, without: ['VolumeIds', 'volumeSet'] },
  DescribeSnapshots: { ...instances, without: ['SnapshotIds', 'snapshotSet'] },
  DescribeTags: instances,
  DescribeSpotInstanceRequests: instances,
  DescribeInstanceTypes: { min: 5, max: 100, refuse: ofTypes },
  DescribeInstanceTypeOfferings: { min: 5, max: 1000, refuse: ofTypes },
  DescribeInstanceCreditSpecifications: { min: 5, max: 1000, refuse: ofCredits },
  DescribeIamInstanceProfileAssociations: { min: 5, max: 1000, refuse: ofInstances },
  DescribeLaunchTemplates: { min: 1, max: 200, refuse: ofTemplates },
  DescribeLaunchTemplateVersions: { min: 1, max: 200, refuse: ofTemplates },
  DescribeVpcs: networks,
  DescribeSubnets: networks,
  DescribeSecurityGroups: networks,
  DescribeSecurityGroupRules: networks,
  DescribeNetworkAcls: networks,
  DescribeNetworkInterfaces: networks,
  DescribeInternetGateways: networks,
  DescribeDhcpOptions: networks,
  DescribeRouteTables: { ...networks, max: 100 },
  DescribeNatGateways: { min: 5, max: 1000, refuse: ofGateways },
  DescribeAddressesAttribute: { ...networks, min: 1 },
  DescribeVpcPeeringConnections: networks,
  DescribeTransitGateways: networks,
  DescribeEgressOnlyInternetGateways: { min: 5, max: 255, refuse: ofInstances },
  DescribeStaleSecurityGroups: { min: 5, max: 255, refuse: ofInstances },
  DescribeManagedPrefixLists: { ...networks, min: 1, max: 100 },
}

/** Operations that refuse pages of a size outside EC2's bounds before they look at anything. */
export function withinPageBounds(
  operations: Readonly<Record<string, OperationDefinition<never, object, Ec2Deps>>>,
): Readonly<Record<string, OperationDefinition<never, object, Ec2Deps>>> {
  const bounded = Object.entries(operations).map(([name, operation]) => {
    const bounds = Object.hasOwn(pageBounds, name) ? pageBounds[name] : undefined
    return [name, bounds ? within(operation, bounds) : operation] as const
  })
  return Object.fromEntries(bounded)
}

function within(
  operation: OperationDefinition<never, object, Ec2Deps>,
  bounds: Bounds,
): OperationDefinition<never, object, Ec2Deps> {
  return {
    accepts: operation.accepts,
    async handle(input, request, deps) {
      check(input, bounds)
      return operation.handle(input, request, deps)
    },
  }
}

function check(
  input: Readonly<Record<string, unknown>> & { readonly MaxResults?: number },
  bounds: Bounds,
): void {
  const { MaxResults: value } = input
  if (value === undefined) return
  const { min, max = Number.POSITIVE_INFINITY, without: [member, called] = [] } = bounds
  if (value < min || value > max) throw bounds.refuse(value, bounds)
  const ids = member === undefined ? undefined : input[member]
  if (!Array.isArray(ids) || ids.length === 0) return
  throw invalidCombination(`The parameter ${called} cannot be used with the parameter maxResults`)
}
