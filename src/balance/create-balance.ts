import type { ComputeDriver } from '../compute/driver.ts'
import type { Network } from '../network/interfaces.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EdgeConfiguration } from '../protocol/edge.ts'
import type { GatewayConfiguration, GatewayReport } from '../protocol/gateway.ts'
import type { MachineStatus } from '../protocol/machine.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, type Reconciler, type WakePort } from '../reconcile/reconciler.ts'
import { createAccessLogs, type AccessLogs, type LogBuckets } from './access-logs.ts'
import { createBalancerCatalogue, type BalancerCatalogue } from './balancer-catalogue.ts'
import { balancerReconciler, balancerReconcilerName } from './balancer-reconciler.ts'
import { classicReconciler, classicReconcilerName } from './classic-reconciler.ts'
import { isClassicId } from './classic-records.ts'
import { createClassics, type Classics } from './create-classics.ts'
import { createConfigurationHub, type ConfigurationHub } from './configuration-hub.ts'
import type { ScopedPicture } from './draw-picture.ts'
import { flowReconciler, flowReconcilerName, hasFlows } from './flow-reconciler.ts'
import { gatewayReconciler, gatewayReconcilerName } from './gateway-reconciler.ts'
import { createGroupCatalogue, type GroupCatalogue } from './group-catalogue.ts'
import { createListenerCatalogue, type ListenerCatalogue } from './listener-catalogue.ts'
import { joinTargets } from './joined-targets.ts'
import { createReportBook } from './report-book.ts'
import { shareFolders, type ShareFolders } from './share-folders.ts'
import { createTargetRegistry } from './target-registry.ts'
import { targetReconciler, targetReconcilerName } from './target-reconciler.ts'
import { createTrafficBook, type Traffic } from './traffic-book.ts'
import type { Targets } from './targets.ts'

export interface BalanceDeps {
  readonly driver: ComputeDriver
  readonly network: Network
  /** Holds the gateways' doors and the server's control socket. */
  readonly runDirectory: string
  /** What gateways carry requests with; the built-in plane when absent. */
  readonly dataPlane?: 'haproxy' | undefined
  /** Without them access logs cannot be switched on. */
  readonly logBuckets?: LogBuckets | undefined
  /** Between two files of an access log; as AWS when absent. */
  readonly accessLogSeconds?: number | undefined
  /** The host's own unless given. */
  readonly folders?: ShareFolders
  /** Machines are plain processes: there is no network that could pass anything on by itself. */
  readonly isWithoutFlows?: boolean | undefined
}

export interface Balance extends Classics {
  readonly balancers: BalancerCatalogue
  readonly listeners: ListenerCatalogue
  readonly groups: GroupCatalogue
  readonly targets: Targets
  /** Whether the network can pass datagrams and connections on by itself. */
  readonly hasFlows: boolean
  /** Long polls: the configuration once it differs from number `after`, or undefined after 20 s. */
  gatewayConfiguration(
    gatewayId: string,
    after: number,
    signal: AbortSignal,
  ): Promise<GatewayConfiguration | undefined>
  edgeConfiguration(after: number, signal: AbortSignal): Promise<EdgeConfiguration | undefined>
  report(gatewayId: string, report: GatewayReport): Promise<void>
  readonly accessLogs: AccessLogs
  /** What gateways told of requests since the last call, by balancer and by target group. */
  drainTraffic(): readonly Traffic[]
  readonly reconcilers: readonly Reconciler[]
  /** Stops watching the host and the store. */
  close(): void
}

export function createBalance(context: EngineContext, deps: BalanceDeps): Balance {
  const { network, driver, runDirectory, folders = shareFolders } = deps
  const { wake } = context
  const hub = createConfigurationHub(context, deps)
  const book = createReportBook(context.clock)
  const traffic = createTrafficBook()

  /** What a machine's exit means: at once for its requests, and soon for a gateway's successor. */
  const unwatch = driver.watch((status: MachineStatus) => {
    const isRunning = status.phase === 'running' || status.phase === 'starting'
    hub.machineChanged(status.id, isRunning && status.impairment === undefined)
    if (!isRunning && status.id.startsWith('gw-')) void wakeGateways(status.id)
  })

  async function wakeGateways(gatewayId: string): Promise<void> {
    const { gateways, scopes } = await hub.picture()
    const gateway = gateways.find((candidate) => candidate.gatewayId === gatewayId)
    const scope = scopes.get(gatewayId)
    if (gateway && scope) wake.wake(gatewayReconcilerName, keyOf(scope, gateway.vpcId))
  }

  const balancers = createBalancerCatalogue(context, network)
  const listeners = createListenerCatalogue(context)
  const classics = createClassics(context, { network, balancers, listeners, hub, book })
  const groupTargets = createTargetRegistry(context, hub, book)

  return {
    balancers,
    listeners,
    ...classics,
    groups: createGroupCatalogue(context),
    hasFlows: deps.isWithoutFlows !== true,
    targets: joinTargets(context.store, groupTargets, classics),
    gatewayConfiguration: (gatewayId, after, signal) => hub.gateway(gatewayId, after, signal),
    edgeConfiguration: (after, signal) => hub.edge(after, signal),
    async report(gatewayId, report) {
      const isFirst = book.find(gatewayId) === undefined
      book.take({ ...report, gatewayId })
      traffic.take(gatewayId, report)
      const { balancers: known, scopes } = await wakeFlows(wake, hub, gatewayId)
      const idle = report.targets.filter(
        (target) => target.state === 'draining' && target.requestsInFlight === 0,
      )
      for (const groupId of new Set(idle.map((target) => target.targetGroupId))) {
        wakeDrained(wake, scopes.get(groupId), groupId)
      }
      if (!isFirst) return
      for (const { balancerId, state } of known) {
        const scope = scopes.get(balancerId)
        if (scope && state === 'provisioning') {
          wake.wake(balancerReconcilerName, keyOf(scope, balancerId))
        }
      }
    },
    accessLogs: createAccessLogs(context, { buckets: deps.logBuckets, hub }),
    drainTraffic: () => traffic.drain(),
    reconcilers: [
      gatewayReconciler(context, { network, driver, folders, runDirectory }),
      targetReconciler(context, hub, book),
      classicReconciler(context, hub, book),
      balancerReconciler(context, hub, book),
      flowReconciler(context, network, { hub, book }),
    ],
    close() {
      unwatch()
      hub.close()
    },
  }
}

/** What the network passes on follows from what gateways see; gives the picture that it was found in. */
async function wakeFlows(
  wake: WakePort,
  hub: ConfigurationHub,
  gatewayId: string,
): Promise<ScopedPicture> {
  const picture = await hub.picture()
  const vpcId = picture.gateways.find((gateway) => gateway.gatewayId === gatewayId)?.vpcId
  const balancer = picture.balancers.find((one) => one.vpcId === vpcId && hasFlows(one))
  const scope = balancer && picture.scopes.get(balancer.balancerId)
  if (scope && vpcId !== undefined) wake.wake(flowReconcilerName, keyOf(scope, vpcId))
  return picture
}

/** Lets go of a target with nothing under way. */
function wakeDrained(wake: WakePort, scope: Scope | undefined, groupId: string): void {
  if (scope === undefined) return
  const [, classicName = ''] = groupId.split('/')
  if (isClassicId(groupId)) wake.wake(classicReconcilerName, keyOf(scope, classicName))
  else wake.wake(targetReconcilerName, keyOf(scope, groupId))
}
