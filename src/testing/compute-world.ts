import { createCompute, type ComputeEngine } from '../compute/compute.ts'
import type { DiskDriver } from '../compute/driver.ts'
import type { Instance } from '../compute/instance.ts'
import type { InstanceProfiles } from '../identity/principal.ts'
import { silentLog, type EngineEvent } from '../kernel/ports.ts'
import type { Scope } from '../kernel/scope.ts'
import { createNetwork, type NetworkEngine } from '../network/network.ts'
import { createLoop } from '../reconcile/loop.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Store } from '../store/records.ts'
import { fakeCompute, type FakeCompute } from './fake-compute.ts'
import { fakeNetwork, type FakeNetwork } from './fake-network.ts'
import { manualClock, type ManualClock } from './manual-clock.ts'
import { memoryStore } from './memory-store.ts'
import { seededRandom } from './seeded-random.ts'

/** The network and compute engines over fakes, with the real loop, turned by hand. */
export interface ComputeWorld {
  readonly scope: Scope
  readonly clock: ManualClock
  readonly store: Store
  readonly host: FakeCompute
  readonly hostNetwork: FakeNetwork
  readonly network: NetworkEngine
  readonly compute: ComputeEngine
  readonly context: EngineContext
  readonly profiles: InstanceProfiles
  readonly events: readonly EngineEvent[]
  readonly instance: (id: string) => Promise<Instance>
  close(): Promise<void>
}

/** One role, `web`, whose credentials name the instance that asked. */
const profiles: InstanceProfiles = {
  async find(scope, nameOrArn) {
    const arn = `arn:aws:iam::${scope.account}:instance-profile/web`
    if (nameOrArn !== 'web' && nameOrArn !== arn) return undefined
    return { arn, id: 'AIPAWEB', name: 'web', roleName: 'web-role' }
  },
  credentials: async (_scope, _arn, instanceId) => ({
    accessKeyId: 'ASIAWEB',
    secretAccessKey: 'secret',
    sessionToken: instanceId,
    expiresAt: 0,
  }),
}

export async function computeWorld(
  options: { strictImages?: boolean; diskDriver?: DiskDriver } = {},
): Promise<ComputeWorld> {
  const clock = manualClock()
  const store = memoryStore(clock)
  const host = fakeCompute()
  const hostNetwork = fakeNetwork()
  const events: EngineEvent[] = []
  const loop = createLoop({ store, clock, log: silentLog, holder: 'test' })
  const context: EngineContext = {
    store,
    clock,
    random: seededRandom(11),
    log: silentLog,
    events: { publish: (event) => void events.push(event) },
    wake: loop,
  }
  const network = createNetwork(context, hostNetwork)
  const compute = createCompute(context, { driver: host, network, profiles, ...options })
  for (const reconciler of [...network.reconcilers, ...compute.reconcilers]) loop.add(reconciler)
  await loop.start()
  const scope = { account: '000000000000', region: 'us-east-1' }
  return {
    scope,
    clock,
    store,
    host,
    hostNetwork,
    network,
    compute,
    context,
    profiles,
    events,
    async instance(id) {
      const record = await compute.instances.find(scope, id)
      if (!record) throw new Error(`no instance ${id}`)
      return record.value
    },
    async close() {
      compute.close()
      await loop.stop()
    },
  }
}
