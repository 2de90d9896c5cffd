import type { Balancer, Gateway } from './records.ts'
import type { MachinePhase } from '../protocol/machine.ts'
import type { Observation } from '../kernel/observation.ts'

export interface GatewaysSituation {
  /** Of one VPC. */
  readonly balancers: readonly Balancer[]
  readonly gateways: readonly Gateway[]
  /** Interfaces of balancer nodes that exist in this VPC: which balancer, where, and which machine has it. */
  readonly nodes: readonly GatewayNode[]
  /** Phases of the machines that the host knows, by id. */
  readonly machines: Observation<ReadonlyMap<string, MachinePhase>>
  /** Where nothing starts now. */
  readonly brokenZones: ReadonlySet<string>
}

export interface GatewayNode {
  readonly interfaceId: string
  readonly balancerId: string
  readonly subnetId: string
  readonly machineId: string | undefined
  readonly securityGroupIds: readonly string[]
}

export type GatewayStep =
  /** A record first, so that the machine launched next is known whatever happens. */
  | { readonly step: 'add-gateway'; readonly subnetId: string; readonly zone: string }
  | {
      readonly step: 'attach-node'
      readonly balancer: Balancer
      readonly subnetId: string
      readonly gatewayId: string
    }
  | { readonly step: 'release-node'; readonly interfaceId: string }
  /** Its machine is not there, or has ended: it is ended for good and begun again under its own name. */
  | { readonly step: 'launch'; readonly gateway: Gateway; readonly isAnew: boolean }
  | { readonly step: 'remove-gateway'; readonly gateway: Gateway }

export function describeGatewayStep(step: GatewayStep): string {
  switch (step.step) {
    case 'add-gateway':
      return `add a gateway in ${step.subnetId} (${step.zone})`
    case 'attach-node':
      return `give ${step.gatewayId} the node of ${step.balancer.name} in ${step.subnetId}`
    case 'release-node':
      return `release ${step.interfaceId}`
    case 'launch':
      return `launch ${step.gateway.gatewayId}${step.isAnew ? ' anew' : ''}`
    case 'remove-gateway':
      return `remove ${step.gateway.gatewayId}`
  }
}

/** What brings a VPC's gateways from how they are to how they should be. Unknown machines are left alone. */
export function planGateways(situation: GatewaysSituation): readonly GatewayStep[] {
  const steps: GatewayStep[] = []
  const wanted = wantedSubnets(situation.balancers)
  for (const [subnetId, zone] of wanted) {
    if (!situation.gateways.some((gateway) => gateway.subnetId === subnetId)) {
      steps.push({ step: 'add-gateway', subnetId, zone })
    }
  }
  steps.push(...nodeSteps(situation))
  for (const gateway of situation.gateways) {
    if (!wanted.has(gateway.subnetId)) steps.push({ step: 'remove-gateway', gateway })
    else steps.push(...launchSteps(situation, gateway))
  }
  return steps
}

function wantedSubnets(balancers: readonly Balancer[]): ReadonlyMap<string, string> {
  return new Map(
    balancers.flatMap((balancer) => balancer.zones.map((zone) => [zone.subnetId, zone.zone])),
  )
}

function nodeSteps({ balancers, gateways, nodes }: GatewaysSituation): GatewayStep[] {
  const steps: GatewayStep[] = []
  for (const node of nodes) {
    const balancer = balancers.find((candidate) => candidate.balancerId === node.balancerId)
    const isWanted = balancer?.zones.some((zone) => zone.subnetId === node.subnetId) ?? false
    if (!isWanted) steps.push({ step: 'release-node', interfaceId: node.interfaceId })
  }
  for (const balancer of balancers) {
    for (const { subnetId } of balancer.zones) {
      const gateway = gateways.find((candidate) => candidate.subnetId === subnetId)
      if (gateway === undefined) continue
      const node = nodes.find(
        (candidate) =>
          candidate.balancerId === balancer.balancerId && candidate.subnetId === subnetId,
      )
      if (node?.machineId === gateway.gatewayId && isGuardedAlike(node, balancer)) continue
      steps.push({ step: 'attach-node', balancer, subnetId, gatewayId: gateway.gatewayId })
    }
  }
  return steps
}

function isGuardedAlike(node: GatewayNode, balancer: Balancer): boolean {
  const wanted = balancer.securityGroupIds.toSorted().join(' ')
  return node.securityGroupIds.toSorted().join(' ') === wanted
}

function launchSteps(
  { machines, brokenZones }: GatewaysSituation,
  gateway: Gateway,
): GatewayStep[] {
  if (machines.state !== 'present' || brokenZones.has(gateway.zone)) return []
  const phase = machines.value.get(gateway.gatewayId)
  if (phase === 'running' || phase === 'starting') return []
  return [{ step: 'launch', gateway, isAnew: phase !== undefined }]
}
