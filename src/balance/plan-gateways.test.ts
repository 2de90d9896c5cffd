import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { seen, unknown } from '../kernel/observation.ts'
import type { MachinePhase } from '../protocol/machine.ts'
import { planGateways, type GatewayNode, type GatewaysSituation } from './plan-gateways.ts'
import type { Balancer, Gateway } from './records.ts'

const subnets = ['subnet-a', 'subnet-b', 'subnet-c']

function balancerIn(name: string, subnetIds: readonly string[]): Balancer {
  return {
    balancerId: `app/${name}/1`,
    name,
    dnsName: name,
    scheme: 'internet-facing',
    vpcId: 'vpc-1',
    zones: subnetIds.map((subnetId) => ({ subnetId, zone: subnetId.slice(-1) })),
    securityGroupIds: ['sg-1'],
    idleTimeoutSeconds: 60,
    isProtected: false,
    createdAt: 0,
    state: 'active',
    tags: [],
  }
}

const balancersIn = fc
  .array(fc.subarray(subnets, { minLength: 2 }), { maxLength: 3 })
  .map((lists) => lists.map((list, index) => balancerIn(`lb${index}`, list)))

const phases = fc.constantFrom<MachinePhase | undefined>(
  'starting',
  'running',
  'stopped',
  undefined,
)

/** Does what the plan says, as a host that never fails. */
function carryOut(situation: GatewaysSituation): GatewaysSituation {
  let { gateways, nodes } = situation
  const machines = new Map(situation.machines.state === 'present' ? situation.machines.value : [])
  for (const step of planGateways(situation)) {
    if (step.step === 'add-gateway') {
      const { subnetId, zone } = step
      gateways = [...gateways, { gatewayId: `gw-${subnetId}`, vpcId: 'vpc-1', subnetId, zone }]
    } else if (step.step === 'remove-gateway') {
      gateways = gateways.filter((gateway) => gateway !== step.gateway)
      machines.delete(step.gateway.gatewayId)
    } else if (step.step === 'launch') {
      machines.set(step.gateway.gatewayId, 'running')
    } else if (step.step === 'release-node') {
      nodes = nodes.filter((node) => node.interfaceId !== step.interfaceId)
    } else {
      const { balancer, subnetId, gatewayId } = step
      const interfaceId = `${balancer.balancerId} ${subnetId}`
      const node: GatewayNode = {
        interfaceId,
        balancerId: balancer.balancerId,
        subnetId,
        machineId: gatewayId,
        securityGroupIds: balancer.securityGroupIds,
      }
      nodes = [...nodes.filter((other) => other.interfaceId !== interfaceId), node]
    }
  }
  return { ...situation, gateways, nodes, machines: seen(machines) }
}

test('from any beginning the plan ends: one running gateway and every node for each subnet in use', () => {
  fc.assert(
    fc.property(
      balancersIn,
      balancersIn,
      fc.array(phases, { minLength: 3, maxLength: 3 }),
      (before, now, states) => {
        const machines = new Map<string, MachinePhase>()
        let situation = carryOut(
          carryOut({
            balancers: before,
            gateways: [],
            nodes: [],
            machines: seen(machines),
            brokenZones: new Set(),
          }),
        )
        const disturbed = new Map<string, MachinePhase>()
        for (const [index, { gatewayId }] of situation.gateways.entries()) {
          const phase = states[index % states.length]
          if (phase !== undefined) disturbed.set(gatewayId, phase)
        }
        situation = { ...situation, balancers: now, machines: seen(disturbed) }
        situation = carryOut(carryOut(carryOut(situation)))
        assert.deepEqual(planGateways(situation), [])
        const used = new Set(now.flatMap((one) => one.zones.map((zone) => zone.subnetId)))
        assert.deepEqual(new Set(situation.gateways.map((one) => one.subnetId)), used)
        assert.equal(
          situation.nodes.length,
          now.reduce((total, one) => total + one.zones.length, 0),
        )
      },
    ),
  )
})

test('in a zone that is broken nothing is launched, elsewhere it is', () => {
  const gateways: Gateway[] = ['a', 'b'].map((zone) => ({
    gatewayId: `gw-${zone}`,
    vpcId: 'vpc-1',
    zone,
    subnetId: `subnet-${zone}`,
  }))
  const steps = planGateways({
    balancers: [balancerIn('lb', subnets)],
    gateways,
    nodes: [],
    machines: seen(new Map()),
    brokenZones: new Set(['a']),
  })
  const launched = steps.flatMap((step) => (step.step === 'launch' ? [step.gateway.gatewayId] : []))
  assert.deepEqual(launched, ['gw-b'])
})

test('while machines are unknown nothing is launched', () => {
  const gateways: Gateway[] = [
    { gatewayId: 'gw-1', vpcId: 'vpc-1', zone: 'a', subnetId: 'subnet-a' },
  ]
  const steps = planGateways({
    balancers: [balancerIn('lb', subnets)],
    gateways,
    nodes: [],
    machines: unknown('the host is away'),
    brokenZones: new Set(),
  })
  assert.ok(!steps.some((step) => step.step === 'launch'))
})
