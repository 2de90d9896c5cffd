import { hostname } from 'node:os'
import { join } from 'node:path'
import { openFileBlobs } from '../drivers/filesystem/index.ts'
import { createHostClient } from '../drivers/host-client/index.ts'
import { startHost } from '../host/start-host.ts'
import type { Log } from '../kernel/ports.ts'
import { systemClock } from '../kernel/system/clock.ts'
import { systemRandom } from '../kernel/system/random.ts'
import type { EventStore } from '../logs/event-store.ts'
import type { PointStore } from '../metrics/point-store.ts'
import type { MessageStore } from '../queue/message-store.ts'
import { sockets } from '../protocol/run-directory.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { createLoop, type Loop } from '../reconcile/loop.ts'
import type { Store } from '../store/records.ts'
import { createWire } from '../wire/create-wire.ts'
import type { Wire } from '../wire/wire.ts'
import { certificateDoor } from './certificate-door.ts'
import { composeEngines, type Engines } from './compose.ts'
import { openMail } from './mail-port.ts'
import { openEndpoint, type WireListener } from './endpoint.ts'
import { composeFaces, type Faces } from './faces.ts'
import { callingMachines } from './calling-machines.ts'
import { clearInstallation } from './installation.ts'
import { EventRelay, ruleListener } from './event-relay.ts'
import { installationSealer } from './installation-sealer.ts'
import { keepRunning } from './keep-running.ts'
import { readKeys, writeKeys } from './keys-file.ts'
import { openDoors } from './open-doors.ts'
import { openStore, takeEpoch } from './open-store.ts'
import type { ServerOptions } from './options.ts'
import { packageVersion } from './package-version.ts'
import { prepareInstallation, type Prepared } from './prepare-installation.ts'
import { resetInstallation } from './reset-installation.ts'
import { waitConditionDoor } from './wait-condition-door.ts'
import { stopInstallation } from './shutdown.ts'

export interface RunningServer {
  /** Stops machines and processes cleanly; their state stays for the next start. */
  stop(): Promise<void>
}

/** What the endpoint finds as it comes up. */
interface Live {
  isReady: boolean
  reset: (() => Promise<void>) | undefined
  wire: Wire | undefined
  metrics: (() => string) | undefined
  waitConditions: WireListener | undefined
  certificates: WireListener | undefined
  turnedAway: (() => void) | undefined
}

/** Starts or adopts everything. Resolves when the endpoint is ready. */
export async function startServer(options: ServerOptions, log: Log): Promise<RunningServer> {
  const { dataDirectory } = options
  if (options.fresh) {
    await stopInstallation(dataDirectory)
    await clearInstallation(dataDirectory)
  }
  const live: Live = {
    isReady: false,
    reset: undefined,
    wire: undefined,
    metrics: undefined,
    waitConditions: undefined,
    certificates: undefined,
    turnedAway: undefined,
  }
  const endpoint = await openEndpoint(options.port, {
    health: () => (live.isReady ? healthOf(prepared) : undefined),
    reset: options.authentication === 'off' ? async () => live.reset?.() : undefined,
    metrics: () => (live.isReady ? live.metrics?.() : undefined),
    wire: () => (live.isReady ? live.wire?.handle : undefined),
    waitConditions: () => (live.isReady ? live.waitConditions : undefined),
    certificates: () => (live.isReady ? live.certificates : undefined),
    turnedAway: () => live.turnedAway?.(),
  })
  const prepared = await prepareInstallation(options, endpoint.port)
  const [stores, host] = await Promise.all([
    openStore(prepared, log),
    keepRunning('the host process', () => startHost(dataDirectory), log),
  ])
  const { store, messages, points, events } = stores
  const epoch = await takeEpoch(store, systemClock.now())
  const loop = createLoop({ store, clock: systemClock, log, holder: holderOf(dataDirectory) })
  const relay = new EventRelay()
  const context = contextOf(store, loop, { log, relay })
  const driver = createHostClient({
    socketPath: join(prepared.runDirectory, sockets.host),
    epoch: () => epoch,
  })
  const { engines, faces } = await composeAll(options, prepared, {
    context,
    driver,
    messages,
    points,
    events,
  })
  relay.listen(ruleListener(engines.rules, log))
  live.metrics = () => engines.ownMetrics.prometheusText()
  live.wire = wireOf(options, engines, faces, log)
  live.waitConditions = waitConditionDoor(engines.stacks.signals, engines.stacks.customRequests)
  live.certificates = certificateDoor(engines.topics)
  live.turnedAway = () => engines.deploy.turnedAway()
  const doors = await openDoors({ prepared, options, engines, faces, driver })
  await begin(loop, engines)
  live.reset = () => resetInstallation({ loop, engines, driver, stores })
  live.isReady = true
  return {
    async stop() {
      live.isReady = false
      await loop.stop()
      engines.close()
      await host.release()
      await doors.close()
      await endpoint.close()
      await stores.close()
      await stopInstallation(dataDirectory)
    },
  }
}

/** The same at every start of this installation, so that a server that was killed carries on at once. */
function holderOf(dataDirectory: string): string {
  return `${hostname()}:${dataDirectory}`
}

function contextOf(
  store: Store,
  loop: Loop,
  { log, relay }: { readonly log: Log; readonly relay: EventRelay },
): EngineContext {
  return {
    store,
    clock: systemClock,
    random: systemRandom,
    log,
    events: relay,
    wake: loop,
  }
}

function healthOf(prepared: Prepared): object {
  const { driver } = prepared
  return { status: 'ok', version: packageVersion, pid: process.pid, driver }
}

async function composeAll(
  options: ServerOptions,
  prepared: Prepared,
  parts: {
    context: EngineContext
    driver: ReturnType<typeof createHostClient>
    messages: MessageStore
    points: PointStore
    events: EventStore
  },
): Promise<{ engines: Engines; faces: Faces }> {
  const { dataDirectory, account, region, strictImages } = options
  const made: { faces?: Faces } = {}
  const faces = (): Faces => {
    if (!made.faces) throw new Error('the faces are not made yet')
    return made.faces
  }
  const engines = composeEngines(
    parts.context,
    {
      compute: parts.driver,
      network: parts.driver,
      zones: parts.driver,
      usage: parts.driver,
      consoles: parts.driver,
      disks: parts.driver,
      messages: parts.messages,
      points: parts.points,
      events: parts.events,
      blobs: await openFileBlobs(join(dataDirectory, 'objects')),
      mail: await openMail(options),
      sealer: await installationSealer(dataDirectory),
    },
    {
      account,
      region,
      strictImages,
      runDirectory: prepared.runDirectory,
      dataPlane: options.dataPlane === 'haproxy' ? 'haproxy' : undefined,
      accessLogSeconds: options.accessLogSeconds,
      endpointHost: `127.0.0.1:${prepared.port}`,
      // Plain processes have no inside: they see the host's loopback.
      ...(prepared.driver === 'process'
        ? { insideEndpoint: `http://127.0.0.1:${prepared.port}` }
        : {}),
      keys: await readKeys(dataDirectory),
    },
    { types: () => faces().resourceTypes, lookups: () => faces().lookups },
  )
  made.faces = composeFaces(engines)
  await writeKeys(dataDirectory, await engines.identity.firstStartKeys())
  return { engines, faces: made.faces }
}

function wireOf(options: ServerOptions, engines: Engines, faces: Faces, log: Log): Wire {
  return createWire({
    services: faces.services,
    authentication: options.authentication,
    credentials: engines.identity.credentials,
    machines: callingMachines(engines.compute.metadata),
    clock: systemClock,
    random: systemRandom,
    log,
    defaults: { account: options.account, region: options.region },
  })
}

async function begin(loop: Loop, engines: Engines): Promise<void> {
  for (const reconciler of engines.reconcilers) loop.add(reconciler)
  await loop.start()
}
