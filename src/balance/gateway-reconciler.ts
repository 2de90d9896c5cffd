import type { ComputeDriver } from '../compute/driver.ts'
import { reasonOf } from '../kernel/errors.ts'
import { seen, unknown } from '../kernel/observation.ts'
import { resourceId } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Network } from '../network/interfaces.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { classicBalancers } from './classic-records.ts'
import { isNodeDescription, nodeDescription } from './draw-picture.ts'
import { controlFolder, doorFolder, gatewayMachine } from './gateway-machine.ts'
import {
  describeGatewayStep,
  planGateways,
  type GatewayNode,
  type GatewayStep,
  type GatewaysSituation,
} from './plan-gateways.ts'
import { balancerOf } from './plan-classic.ts'
import type { ShareFolders } from './share-folders.ts'
import {
  balancers,
  gatewayInterfaceId,
  gateways,
  nodeInterfaceId,
  type Gateway,
} from './records.ts'

export const gatewayReconcilerName = 'balance/gateways'

export interface GatewayDeps {
  readonly network: Network
  readonly driver: ComputeDriver
  readonly folders: ShareFolders
  readonly runDirectory: string
}

/** Keeps one gateway machine in each subnet of a VPC where balancers have nodes. Key: the VPC. A reconciler, not a saga: each step stands by itself. */
export function gatewayReconciler(context: EngineContext, deps: GatewayDeps): Reconciler {
  const { store } = context
  return {
    name: gatewayReconcilerName,
    periodMilliseconds: 10_000,
    concurrencyMax: 4,
    async keys() {
      const [balancerRecords, classicRecords, gatewayRecords] = await Promise.all([
        store.listAll(balancers),
        store.listAll(classicBalancers),
        store.listAll(gateways),
      ])
      const all = [...balancerRecords, ...classicRecords, ...gatewayRecords]
      return [...new Set(all.map((record) => keyOf(record.scope, record.value.vpcId)))]
    },
    wakes: [balancers, classicBalancers, gateways].map((kind) => ({
      kind,
      keysOf: ({ scope, owner }) => (owner === undefined ? [] : [keyOf(scope, owner)]),
    })),
    async reconcile(key) {
      const { scope, id: vpcId } = openKey(key)
      const steps = planGateways(await observe(context, deps, scope, vpcId))
      for (const step of steps) {
        context.log.write('info', describeGatewayStep(step), { vpcId })
        await act(context, deps, scope, { vpcId, step })
      }
      if (steps.some((step) => step.step !== 'launch')) {
        await deps.network.ensureApplied(scope, vpcId)
      }
      // A new gateway's nodes and machine are the next plan's.
      return steps.some((step) => step.step === 'add-gateway') ? { againAfterMilliseconds: 0 } : {}
    },
  }
}

async function observe(
  { store }: EngineContext,
  { network, driver }: GatewayDeps,
  scope: Scope,
  vpcId: string,
): Promise<Parameters<typeof planGateways>[0]> {
  const [balancerRecords, classicRecords, gatewayRecords, views, machines] = await Promise.all([
    store.list(balancers, scope, { owner: vpcId }),
    store.list(classicBalancers, scope, { owner: vpcId }),
    store.list(gateways, scope, { owner: vpcId }),
    network.interfaces.list(scope, { vpcId }),
    machinesOf(driver),
  ])
  const nodes: GatewayNode[] = views
    .filter((view) => isNodeDescription(view.description))
    .map((view) => ({
      interfaceId: view.interfaceId,
      balancerId: view.description.slice(4),
      subnetId: view.subnetId,
      machineId: view.machineId,
      securityGroupIds: view.securityGroupIds,
    }))
  return {
    balancers: [
      ...balancerRecords.map((record) => record.value),
      ...classicRecords.map((record) => balancerOf(record.value)),
    ],
    gateways: gatewayRecords.map((record) => record.value),
    nodes,
    ...machines,
  }
}

async function machinesOf(
  driver: ComputeDriver,
): Promise<Pick<GatewaysSituation, 'machines' | 'brokenZones'>> {
  try {
    const { machines, zoneFaults = {} } = await driver.inventory()
    const phases = new Map(machines.map((machine) => [machine.id, machine.phase]))
    return { machines: seen(phases), brokenZones: new Set(Object.keys(zoneFaults)) }
  } catch (thrown) {
    return { machines: unknown(reasonOf(thrown)), brokenZones: new Set() }
  }
}

async function act(
  context: EngineContext,
  deps: GatewayDeps,
  scope: Scope,
  { vpcId, step }: { vpcId: string; step: GatewayStep },
): Promise<void> {
  const { store } = context
  const { interfaces } = deps.network
  switch (step.step) {
    case 'add-gateway': {
      const gatewayId = resourceId(context.random, 'gw')
      const { subnetId, zone } = step
      const at = { scope, id: gatewayId, owner: vpcId }
      await store.insert(gateways, at, { gatewayId, vpcId, zone, subnetId })
      return
    }
    case 'attach-node':
      return attachNode(deps, scope, step)
    case 'release-node':
      return interfaces.release(scope, step.interfaceId)
    case 'launch':
      return launch(deps, scope, step)
    case 'remove-gateway':
      return removeGateway(context, deps, scope, step.gateway)
  }
}

async function attachNode(
  { network: { interfaces } }: GatewayDeps,
  scope: Scope,
  step: GatewayStep & { readonly step: 'attach-node' },
): Promise<void> {
  const { balancer, subnetId, gatewayId } = step
  const { securityGroupIds } = balancer
  const interfaceId = nodeInterfaceId(balancer.balancerId, subnetId)
  const view = await interfaces.allocate(scope, {
    interfaceId,
    subnetId,
    securityGroupIds,
    machineId: gatewayId,
    publicAddress: balancer.scheme === 'internet-facing',
    description: nodeDescription(balancer.balancerId),
  })
  if (view.machineId !== gatewayId) await interfaces.attach(scope, interfaceId, gatewayId)
  if (view.securityGroupIds.toSorted().join() !== securityGroupIds.toSorted().join()) {
    await interfaces.setSecurityGroups(scope, interfaceId, securityGroupIds)
  }
}

async function launch(
  { network, driver, folders, runDirectory }: GatewayDeps,
  scope: Scope,
  { gateway, isAnew }: { gateway: Gateway; isAnew: boolean },
): Promise<void> {
  const { gatewayId, vpcId, subnetId } = gateway
  if (isAnew) await driver.terminate(gatewayId)
  const securityGroupId = await network.defaultSecurityGroup(scope, vpcId)
  await network.interfaces.allocate(scope, {
    interfaceId: gatewayInterfaceId(gatewayId),
    subnetId,
    securityGroupIds: securityGroupId === undefined ? [] : [securityGroupId],
    machineId: gatewayId,
    publicAddress: false,
    description: `ELB gateway ${gatewayId}`,
  })
  await network.ensureApplied(scope, vpcId)
  const machine = gatewayMachine(gateway, runDirectory)
  for (const share of machine.shares ?? []) {
    await folders.make(share.hostPath)
  }
  await driver.launch(machine)
}

async function removeGateway(
  { store }: EngineContext,
  { network, driver, folders, runDirectory }: GatewayDeps,
  scope: Scope,
  { gatewayId }: Gateway,
): Promise<void> {
  await driver.terminate(gatewayId)
  await folders.remove(doorFolder(runDirectory, gatewayId))
  await folders.remove(controlFolder(runDirectory, gatewayId))
  await network.interfaces.release(scope, gatewayInterfaceId(gatewayId))
  const record = await store.find(gateways, scope, gatewayId)
  if (record) await store.remove(record)
}
