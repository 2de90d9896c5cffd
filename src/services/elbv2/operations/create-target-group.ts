import type { CreateTargetGroupInput } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { TargetGroup } from '../../../balance/records.ts'
import type { NewGroup } from '../../../balance/group-catalogue.ts'
import type { Scope } from '../../../kernel/scope.ts'
import { Refusal } from '../../../network/refusal.ts'
import { is } from '../../../wire/accept.ts'
import type { Elbv2Deps, Elbv2Operation } from '../deps.ts'
import { targetGroupNameTaken, validationError } from '../errors.ts'
import { readHealthCheck } from '../health-check.ts'
import { checkName } from '../names.ts'
import { readTags } from '../tags.ts'
import { groupView } from '../views.ts'
import { checkPort, readTransport } from './create-listener.ts'

export const createTargetGroup: Elbv2Operation<'CreateTargetGroup'> = {
  accepts: {
    Name: true,
    Protocol: is('HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP'),
    ProtocolVersion: is('HTTP1', 'HTTP2', 'GRPC'),
    Port: true,
    VpcId: true,
    TargetType: is('instance', 'ip'),
    IpAddressType: is('ipv4'),
    HealthCheckProtocol: is('HTTP', 'HTTPS', 'TCP'),
    HealthCheckPort: true,
    HealthCheckEnabled: true,
    HealthCheckPath: true,
    HealthCheckIntervalSeconds: true,
    HealthCheckTimeoutSeconds: true,
    HealthyThresholdCount: true,
    UnhealthyThresholdCount: true,
    Matcher: { HttpCode: true, GrpcCode: true },
    Tags: { Key: true, Value: true },
  },
  async handle(input, { scope }, deps) {
    const wanted = await readGroup(deps, scope, input)
    const known = (await deps.balance.groups.list(scope)).find(
      (group) => group.name === wanted.name,
    )
    if (known !== undefined && !isAlike(known, wanted)) throw targetGroupNameTaken(wanted.name)
    const group = known ?? (await createOnce(deps, scope, wanted))
    const balancerId = await deps.balance.groups.balancerOf(scope, group.groupId)
    return { TargetGroups: [groupView(scope, group, balancerId)] }
  },
}

/** The same request a second time, while the first is under way, gives what that one makes. */
async function createOnce(deps: Elbv2Deps, scope: Scope, wanted: NewGroup): Promise<TargetGroup> {
  const { groups } = deps.balance
  try {
    return await groups.create(scope, wanted)
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    const made = (await groups.list(scope)).find((group) => group.name === wanted.name)
    if (made === undefined || !isAlike(made, wanted)) throw thrown
    return made
  }
}

async function readGroup(
  deps: Elbv2Deps,
  scope: Scope,
  input: CreateTargetGroupInput,
): Promise<NewGroup> {
  const name = input.Name ?? ''
  checkName('Target group name', name)
  if (input.Protocol === undefined) throw validationError('A protocol must be specified')
  const vpcId = input.VpcId ?? ''
  if (vpcId === '') throw validationError('A VPC ID must be specified')
  // Every VPC has its default group from the start; its subnets may come later.
  if ((await deps.network.defaultSecurityGroup(scope, vpcId)) === undefined) {
    throw validationError(`The VPC ID '${vpcId}' is not found`)
  }
  const transport = readTransport(deps, input.Protocol)
  const isTcp = transport !== undefined || input.Protocol === 'TCP' || input.Protocol === 'TLS'
  const isSecured = input.Protocol === 'TLS' || input.Protocol === 'HTTPS'
  if (isTcp && input.ProtocolVersion !== undefined) {
    throw validationError('A protocol version is for HTTP target groups')
  }
  const version = versionOf(input.ProtocolVersion)
  if (isSecured && version !== undefined) {
    throw validationError(
      `The protocol version '${input.ProtocolVersion}' is for HTTP target groups here, not for HTTPS ones`,
    )
  }
  return {
    name,
    ...(isTcp ? { protocol: 'tcp' as const } : {}),
    ...(transport === undefined ? {} : { transport }),
    ...(version === undefined ? {} : { version }),
    ...(isSecured ? { isSecured: true as const } : {}),
    port: checkPort(input.Port),
    vpcId,
    targetType: input.TargetType === 'ip' ? 'ip' : 'instance',
    healthCheck: readHealthCheck(input, { isTcp, version }),
    tags: readTags(input.Tags),
  }
}

function versionOf(text: string | undefined): TargetGroup['version'] {
  if (text === 'HTTP2') return 'http2'
  return text === 'GRPC' ? 'grpc' : undefined
}

function isAlike(known: TargetGroup, wanted: NewGroup): boolean {
  const settings = ({ protocol, version, isSecured, port, ...group }: NewGroup) => {
    const { vpcId, targetType, healthCheck, transport } = group
    const kind = { protocol, transport, version, isSecured }
    return JSON.stringify({ ...kind, port, vpcId, targetType, healthCheck })
  }
  return settings(known) === settings(wanted)
}
