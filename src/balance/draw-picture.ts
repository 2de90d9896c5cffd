import { instances, type Instance } from '../compute/instance.ts'
import type { Network } from '../network/interfaces.ts'
import { networkInterfaces, vpcs } from '../network/records.ts'
import { certificates } from '../identity/certificates.ts'
import { serverCertificates } from '../identity/server-certificates.ts'
import { isSameScope, type Scope } from '../kernel/scope.ts'
import type { MirroredLists } from '../store/mirrored-lists.ts'
import type { StoredRecord } from '../store/records.ts'
import {
  classicBalancers,
  classicInstances,
  type ClassicBalancer,
  type ClassicInstance,
} from './classic-records.ts'
import { classicGroups, classicListenerId, planClassic, type ClassicParts } from './plan-classic.ts'
import { drawCertificates } from './draw-certificates.ts'
import { planAccessLogs } from './plan-access-logs.ts'
import type { Picture, TargetPlace } from './plan-configuration.ts'
import { drawNames, type NamedNetwork } from './plan-names.ts'
import { balancers, gateways, listeners, rules, targetGroups, targets } from './records.ts'

/** The picture, and to whom its parts belong. */
export interface ScopedPicture extends Picture {
  /** Of balancers, gateways and groups, by id. */
  readonly scopes: ReadonlyMap<string, Scope>
  readonly networks: readonly NamedNetwork[]
}

/** What the picture is drawn with. */
interface Drawing {
  /** Knows of machines that ended before the records do. */
  isGone(machineId: string): boolean
  /** Between two files of an access log. */
  readonly logSeconds: number
  readonly before: ScopedPicture | undefined
}

/** Node interfaces carry their balancer's id in their description, as ALB's do. */
export const nodeDescription = (balancerId: string): string => `ELB ${balancerId}`

export const isNodeDescription = (description: string): boolean =>
  /^ELB (app|net|classic)\//.test(description)

/** Reads everything that configurations follow from. */
export async function drawPicture(
  lists: Pick<MirroredLists, 'listAll'>,
  network: Network,
  { isGone, logSeconds, before }: Drawing,
): Promise<ScopedPicture> {
  const [balancerRecords, listenerRecords, ruleRecords, groupRecords] = await Promise.all([
    lists.listAll(balancers),
    lists.listAll(listeners),
    lists.listAll(rules),
    lists.listAll(targetGroups),
  ])
  const [certificateRecords, serverRecords, classicRecords, registered] = await Promise.all([
    lists.listAll(certificates),
    lists.listAll(serverCertificates),
    lists.listAll(classicBalancers),
    lists.listAll(classicInstances),
  ])
  const [targetRecords, gatewayRecords, instanceRecords, interfaceRecords] = await Promise.all([
    lists.listAll(targets),
    lists.listAll(gateways),
    lists.listAll(instances),
    lists.listAll(networkInterfaces),
  ])
  const classics = await drawClassics(network, classicRecords, registered)
  const scopes = new Map([
    ...[...balancerRecords, ...gatewayRecords, ...groupRecords].map(
      (record) => [record.id, record.scope] as const,
    ),
    ...classicRecords.flatMap(({ scope, value }) =>
      [value.balancerId, ...classicGroups(value).map((group) => group.groupId)].map(
        (id) => [id, scope] as const,
      ),
    ),
  ])
  const nodeAddresses = new Map<string, string>()
  for (const { value } of interfaceRecords) {
    if (!isNodeDescription(value.description)) continue
    nodeAddresses.set(`${value.description.slice(4)} ${value.subnetId}`, value.address)
  }
  const allowedCidrs = new Map<string, readonly string[]>()
  const allowedSenders = new Map<string, readonly string[]>()
  for (const { value, scope } of listenerRecords) {
    const owner = balancerRecords.find((record) => record.id === value.balancerId)
    const groups = owner?.value.securityGroupIds ?? []
    const { listenerId: id, port, transport } = value
    allowedCidrs.set(id, await network.allowedCidrs(scope, groups, port))
    if (transport) allowedSenders.set(id, await network.allowedCidrs(scope, groups, port, 'udp'))
  }
  const parts = {
    balancers: [...balancerRecords.map((record) => record.value), ...classics.balancers],
    rules: ruleRecords.map((record) => record.value),
    groups: [...groupRecords.map((record) => record.value), ...classics.groups],
  }
  return {
    scopes,
    accessLogs: planAccessLogs(parts, scopes, logSeconds),
    networks: drawNames(await lists.listAll(vpcs), instanceRecords, before?.networks ?? []),
    ...parts,
    listeners: [...listenerRecords.map((record) => record.value), ...classics.listeners],
    targets: [...targetRecords.map((record) => record.value), ...classics.targets],
    gateways: gatewayRecords.map((record) => record.value),
    nodeAddresses,
    allowedSenders,
    allowedCidrs: new Map([...allowedCidrs, ...classics.allowedCidrs]),
    certificates: drawCertificates(certificateRecords, serverRecords),
    instances: new Map(
      instanceRecords.map(({ value }) => [value.instanceId, placeOf(value, isGone)]),
    ),
  }
}

/** Each account's by themselves: names of classic balancers repeat from one to the next. */
async function drawClassics(
  network: Network,
  records: readonly StoredRecord<ClassicBalancer>[],
  registered: readonly StoredRecord<ClassicInstance>[],
): Promise<ClassicParts & Pick<Picture, 'allowedCidrs'>> {
  const parts = records.map(({ scope, value }) => {
    const own = registered.filter(
      (record) => record.owner === value.name && isSameScope(record.scope, scope),
    )
    const instanceValues = own.map((record) => record.value)
    return planClassic(value, instanceValues)
  })
  const allowedCidrs = new Map<string, readonly string[]>()
  for (const { scope, value } of records) {
    for (const { port } of value.listeners) {
      const cidrs = await network.allowedCidrs(scope, value.securityGroupIds, port)
      allowedCidrs.set(classicListenerId(value, port), cidrs)
    }
  }
  return {
    balancers: parts.flatMap((part) => part.balancers),
    listeners: parts.flatMap((part) => part.listeners),
    groups: parts.flatMap((part) => part.groups),
    targets: parts.flatMap((part) => part.targets),
    allowedCidrs,
  }
}

function placeOf(instance: Instance, isGone: (machineId: string) => boolean): TargetPlace {
  const runs = instance.state !== 'stopped' && instance.state !== 'terminated'
  return {
    address: instance.privateAddress,
    zone: instance.zone,
    isRunning: runs && !isGone(instance.instanceId),
    ...(instance.state === 'terminated' && { isTerminated: true }),
    isLeaving: instance.desired !== 'running',
  }
}
