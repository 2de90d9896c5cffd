import { createBalance, type Balance } from '../balance/create-balance.ts'
import { createCompute, type ComputeEngine } from '../compute/compute.ts'
import type {
  ComputeDriver,
  ConsoleDriver,
  DiskDriver,
  UsageDriver,
  ZoneDriver,
} from '../compute/driver.ts'
import { createDeploy, type Deploy } from '../deploy/create-deploy.ts'
import { bundleReader } from '../drivers/archive/index.ts'
import { webClient } from '../drivers/web-client/index.ts'
import { createIdentity, type Identity, type KeyPair } from '../identity/create-identity.ts'
import type { Sealer } from '../kernel/sealer.ts'
import { createLogs, type Logs } from '../logs/create-logs.ts'
import type { EventStore } from '../logs/event-store.ts'
import { createMetrics } from '../metrics/create-metrics.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { PointStore } from '../metrics/point-store.ts'
import type { NetworkDriver } from '../network/driver.ts'
import { createNetwork, type NetworkEngine } from '../network/network.ts'
import type { BlobStore } from '../objects/blob.ts'
import { createObjects, type Objects } from '../objects/create-objects.ts'
import { metadataAddress } from '../protocol/network.ts'
import { createQueues, type Queues } from '../queue/create-queues.ts'
import type { MessageStore } from '../queue/message-store.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import { createRules, type Rules } from '../rules/create-rules.ts'
import { createScale } from '../scale/create-scale.ts'
import { lifecycleTargets } from '../scale/lifecycle-targets.ts'
import type { Scale } from '../scale/scale.ts'
import { createStacks, type Stacks } from '../stacks/create-stacks.ts'
import type { ParameterLookups } from '../stacks/parameter-lookups.ts'
import type { ResourceType } from '../stacks/resource-type.ts'
import { stackNotifier } from './stack-notifier.ts'
import { createTopics, type Topics } from '../topics/create-topics.ts'
import type { MailPort } from '../topics/delivery-ports.ts'
import { alarmActions, alarmStates, managedAlarms } from './alarm-actions.ts'
import { balancerMetrics } from './balancer-metrics.ts'
import { consoleLogs } from './console-logs.ts'
import { deploymentLogs } from './deployment-logs.ts'
import { logBuckets } from './log-buckets.ts'
import { logMetrics } from './log-metrics.ts'
import { machineMetrics } from './machine-metrics.ts'
import { ownMetrics, type OwnMetrics } from './own-metrics.ts'
import { deployNotifier, groupNotices, topicPort } from './topic-notices.ts'
import { queuePort } from './topic-ports.ts'

/** What the outside gives the engines. */
export interface Drivers {
  readonly compute: ComputeDriver
  readonly network: NetworkDriver
  /** Without it zones cannot be broken on purpose. */
  readonly zones?: ZoneDriver
  /** Without it nothing is known of what machines use. */
  readonly usage?: UsageDriver
  /** Without it consoles are not kept in logs. */
  readonly consoles?: ConsoleDriver
  /** Without it volumes and images are refused a place. */
  readonly disks?: DiskDriver
  readonly points: PointStore
  readonly blobs: BlobStore
  readonly messages: MessageStore
  readonly events: EventStore
  /** Without it topics refuse subscriptions by email. */
  readonly mail?: MailPort
  /** Keeps secrets unreadable at rest. */
  readonly sealer: Sealer
}

export interface ComposeOptions {
  readonly account: string
  readonly region: string
  readonly strictImages: boolean
  readonly runDirectory: string
  readonly dataPlane?: 'haproxy' | undefined
  /** Between two files of a balancer's access log. */
  readonly accessLogSeconds?: number
  /** `127.0.0.1:4566`: how callers on this machine name the endpoint. */
  readonly endpointHost: string
  /** Where machines reach the AWS endpoint; absent: at the metadata address. */
  readonly insideEndpoint?: string
  /** The root key of an earlier start. */
  readonly keys: KeyPair | undefined
}

export interface Engines {
  readonly context: EngineContext
  readonly identity: Identity
  readonly network: NetworkEngine
  readonly compute: ComputeEngine
  readonly metrics: Metrics
  readonly balance: Balance
  readonly scale: Scale
  readonly objects: Objects
  readonly deploy: Deploy
  readonly stacks: Stacks
  readonly queues: Queues
  readonly topics: Topics
  readonly rules: Rules
  readonly logs: Logs
  readonly sealer: Sealer
  readonly endpointHost: string
  readonly insideEndpoint: string
  readonly ownMetrics: OwnMetrics
  readonly reconcilers: readonly Reconciler[]
  close(): void
}

/** The port at which the edge joins machines to the endpoint. */
const insidePort = 4566

/** What measures the platform beside `ownMetrics`, and keeps its logs, as far as drivers tell. */
function observers(
  engines: Pick<Engines, 'metrics' | 'balance' | 'logs'>,
  { usage, consoles }: Drivers,
): readonly { readonly reconcilers: readonly Reconciler[] }[] {
  const { metrics, logs } = engines
  return [
    balancerMetrics(engines),
    deploymentLogs(logs),
    ...(usage ? [machineMetrics(metrics, usage)] : []),
    ...(consoles ? [consoleLogs(logs, consoles)] : []),
  ]
}

/** Makes the engines and introduces them to each other, in the order of the table of rooms. */
export function composeEngines(
  context: EngineContext,
  drivers: Drivers,
  options: ComposeOptions,
  outside: { types: () => readonly ResourceType[]; lookups: () => ParameterLookups },
): Engines {
  const { account, region, keys } = options
  const rootKeys = keys ? { firstStartKeys: keys } : {}
  const identity = createIdentity(context, { account, region, ...rootKeys })
  const network = createNetwork(context, drivers.network)
  const compute = createCompute(context, {
    driver: drivers.compute,
    ...(drivers.zones && { zoneDriver: drivers.zones }),
    ...(drivers.disks && { diskDriver: drivers.disks }),
    network,
    ...{ profiles: identity.instanceProfiles, lifecycleTargets: lifecycleTargets(context) },
    strictImages: options.strictImages,
  })
  const objects = createObjects(context, drivers.blobs, drivers.sealer)
  const { runDirectory, dataPlane, accessLogSeconds, insideEndpoint } = options
  const balance = createBalance(context, {
    ...{ driver: drivers.compute, network, logBuckets: logBuckets(objects) },
    ...{ runDirectory, dataPlane, accessLogSeconds },
    // What sees the host's loopback is a plain process.
    isWithoutFlows: insideEndpoint !== undefined,
  })
  const { queues, topics, rules } = createMessaging(context, drivers, options)
  const metrics: Metrics = createMetrics(context, {
    points: drivers.points,
    actions: alarmActions({
      ...{ instances: compute.instances, policies: () => scale },
      ...{ topics, alarms: () => metrics.alarms },
    }),
  })
  const logs = createLogs(context, { events: drivers.events, metrics: logMetrics(metrics) })
  const scale: Scale = createScale(context, {
    ...{ instances: compute.instances, launchTemplates: compute.launchTemplates, network },
    ...{ targets: balance.targets, zones: compute.zones, alarmStates: alarmStates(metrics) },
    ...{ managedAlarms: managedAlarms(metrics), notices: groupNotices(topics, queuePort(queues)) },
  })
  const deploy = createDeploy(context, {
    instances: compute.instances,
    groups: scale,
    targets: balance.targets,
    objects: objects.reader,
    ...{ bundles: bundleReader(), alarms: alarmStates(metrics), notify: deployNotifier(topics) },
  })
  const told = { notifier: stackNotifier(topics), alarms: alarmStates(metrics) }
  const stackDeps = { types: outside.types, lookups: lateLookups(outside.lookups), ...told }
  const stacks = createStacks(context, { ...stackDeps, objects: objects.reader })
  const engines = {
    ...{ identity, network, compute, metrics, balance },
    ...{ scale, objects, deploy, stacks, queues, topics, rules, logs },
  }
  const own = ownMetrics(engines)
  return {
    context,
    ...engines,
    sealer: drivers.sealer,
    endpointHost: options.endpointHost,
    insideEndpoint: options.insideEndpoint ?? `http://${metadataAddress}:${insidePort}`,
    ownMetrics: own,
    reconcilers: [...Object.values(engines), own, ...observers(engines, drivers)].flatMap(
      (engine) => engine.reconcilers,
    ),
    close() {
      for (const engine of [queues, logs, metrics, balance, compute]) engine.close()
    },
  }
}

/** Queues, topics that tell them, and rules that tell both. */
function createMessaging(
  context: EngineContext,
  drivers: Drivers,
  { endpointHost }: ComposeOptions,
): { readonly queues: Queues; readonly topics: Topics; readonly rules: Rules } {
  const queues = createQueues(context, drivers.messages)
  const ports = { queues: queuePort(queues), web: webClient(), mail: drivers.mail }
  const topics = createTopics(context, { ports, endpoint: `http://${endpointHost}` })
  const rules = createRules(context, { queues: ports.queues, topics: topicPort(topics) })
  return { queues, topics, rules }
}

/** The faces that look parameters up are made after the engines. */
function lateLookups(late: () => ParameterLookups): ParameterLookups {
  return {
    exists: (scope, type, value) => late().exists(scope, type, value),
    zones: (scope) => late().zones(scope),
    stored: async (scope, selector) => late().stored?.(scope, selector),
    dynamic(scope, reference) {
      const { dynamic } = late()
      if (!dynamic) throw new Error('no service resolves dynamic references')
      return dynamic(scope, reference)
    },
  }
}
