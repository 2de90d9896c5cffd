import { createBalance, type Balance } from '../../balance/create-balance.ts'
import { createCompute, type ComputeEngine } from '../../compute/compute.ts'
import type { Targets } from '../../balance/targets.ts'
import type { ComputeDriver } from '../../compute/driver.ts'
import type { Instances } from '../../compute/instance.ts'
import { DriverError } from '../../kernel/errors.ts'
import { silentLog } from '../../kernel/ports.ts'
import { createNetwork, type NetworkEngine } from '../../network/network.ts'
import type { EngineContext } from '../../reconcile/engine-context.ts'
import { createLoop } from '../../reconcile/loop.ts'
import { createScale } from '../../scale/create-scale.ts'
import type { Scale } from '../../scale/scale.ts'
import type { Store } from '../../store/records.ts'
import { Life, crashingStore } from '../crashing-store.ts'
import type { Ground } from './ground.ts'

/** A bug put between the engines and their world, which the laws must find. */
export interface PlantedBug {
  readonly instances?: (instances: Instances) => Instances
  readonly targets?: (targets: Targets) => Targets
}

/** One life of a server: the real loop and engines, which die at a step of their own writing. */
export interface SimulatedServer {
  readonly life: Life
  readonly network: NetworkEngine
  readonly compute: ComputeEngine
  readonly balance: Balance
  readonly scale: Scale
  /** Nothing of it acts any more. */
  end(): void
}

/** Resolves once its reconcilers tried for their leases. */
export async function startServer(
  ground: Ground,
  holder: string,
  bug: PlantedBug = {},
): Promise<SimulatedServer> {
  const life = new Life(Number.POSITIVE_INFINITY)
  const store = crashingStore(distantStore(ground, life), life)
  const loop = createLoop({ store, clock: ground.clock, log: silentLog, holder })
  const context: EngineContext = {
    store,
    clock: ground.clock,
    random: ground.random,
    log: silentLog,
    events: { publish() {} },
    wake: loop,
  }
  const driver = reachedHost(ground, life)
  const network = createNetwork(context, ground.hostNetwork)
  const compute = createCompute(context, { driver, network, profiles: noProfiles })
  const known = knownInstances(ground, compute.instances)
  const balance = createBalance(context, {
    driver,
    network,
    runDirectory: '/run/evenkeel-simulation',
    folders: { make: async () => undefined, remove: async () => undefined },
  })
  const scale = createScale(context, {
    instances: bug.instances?.(known) ?? known,
    launchTemplates: compute.launchTemplates,
    targets: bug.targets?.(balance.targets) ?? balance.targets,
    network,
  })
  for (const engine of [network, compute, balance, scale]) {
    for (const reconciler of engine.reconcilers) loop.add(reconciler)
  }
  await loop.start()
  return {
    life,
    network,
    compute,
    balance,
    scale,
    end() {
      life.end()
      balance.close()
      compute.close()
      void loop.stop()
    },
  }
}

const noProfiles = {
  find: async () => undefined,
  credentials: async () => undefined,
}

/**
 * The store as a server reaches it. Each read and write takes its time, so that others come between. A dead server neither takes nor
 * gives back a lease; nobody does while the store cannot be reached for it.
 */
function distantStore(ground: Ground, life: Life): Store {
  const { store, random } = ground
  async function after<R>(call: () => Promise<R>): Promise<R> {
    const turns = random.below(turnsOfOneCallMax)
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    return call()
  }
  return {
    ...store,
    find: (kind, at, id) => after(() => store.find(kind, at, id)),
    list: (kind, at, filter) => after(() => store.list(kind, at, filter)),
    insert: (kind, at, value) => after(() => store.insert(kind, at, value)),
    update: (record, value) => after(() => store.update(record, value)),
    remove: (record) => after(() => store.remove(record)),
    transaction: (work) => after(() => store.transaction(work)),
    async lease(name, holder, milliseconds) {
      if (life.isOver || ground.areLeasesLost) throw new Error('the store does not answer')
      return store.lease(name, holder, milliseconds)
    },
  }
}

/** Of the event loop's microtasks: about as many as a whole pass over a group takes. */
const turnsOfOneCallMax = 60

/** What groups see of instances: sometimes nothing, which is not the same as none. */
function knownInstances(ground: Ground, instances: Instances): Instances {
  return {
    ...instances,
    async list(scope) {
      if (!ground.areInstancesUnknown) return instances.list(scope)
      throw new DriverError('no inventory', { retryable: true })
    },
  }
}

/** The host as a server reaches it: not after its own death, and sometimes without hearing the answer. */
function reachedHost(ground: Ground, life: Life): ComputeDriver {
  const { host } = ground
  async function around<R>(call: () => Promise<R>): Promise<R> {
    life.step()
    const answer = await call()
    life.step()
    return answer
  }
  return {
    ...host,
    launch: (spec) =>
      around(async () => {
        const status = await host.launch(spec)
        if (ground.lostLaunches === 0) return status
        ground.lostLaunches--
        throw new DriverError('the answer was lost', { retryable: true })
      }),
    stop: (id, grace) => around(() => host.stop(id, grace)),
    start: (id) => around(() => host.start(id)),
    terminate: (id) =>
      around(() => {
        if (ground.gateways.isBusyWith(id)) ground.endedWhileBusy.push(id)
        return host.terminate(id)
      }),
    inventory: () => around(() => host.inventory()),
  }
}
