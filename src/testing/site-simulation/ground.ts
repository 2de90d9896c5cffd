import type { GatewayReport, TargetHealth } from '../../protocol/gateway.ts'
import type { Balance } from '../../balance/create-balance.ts'
import type { Random } from '../../kernel/random.ts'
import type { Store } from '../../store/records.ts'
import { fakeCompute, type FakeCompute } from '../fake-compute.ts'
import { fakeNetwork, type FakeNetwork } from '../fake-network.ts'
import { manualClock, type ManualClock } from '../manual-clock.ts'
import { memoryStore } from '../memory-store.ts'
import { seededRandom } from '../seeded-random.ts'

/** What stays when servers die: time, the store, the host with its machines, and what ails them. */
export interface Ground {
  readonly clock: ManualClock
  readonly store: Store
  readonly host: FakeCompute
  readonly hostNetwork: FakeNetwork
  /** Of the servers; the script has chance of its own. */
  readonly random: Random
  /** Instances that answer their health check with an error. */
  readonly sick: Set<string>
  /** Zones that no other zone reaches. */
  readonly cutZones: Set<string>
  /** Instances whose machine was ended in the middle of a request. */
  readonly endedWhileBusy: string[]
  /** The next launches start their machine, and their answer is lost. */
  lostLaunches: number
  /** While true nobody can tell which instances there are. */
  areInstancesUnknown: boolean
  /** No lease is renewed or given while it is true. */
  areLeasesLost: boolean
  readonly gateways: SimulatedGateways
}

export function makeGround(seed: number): Ground {
  const clock = manualClock()
  const host = fakeCompute({ now: () => clock.now() })
  const ground: Omit<Ground, 'gateways'> = {
    clock,
    store: memoryStore(clock),
    host,
    hostNetwork: fakeNetwork(),
    random: seededRandom(seed),
    sick: new Set(),
    cutZones: new Set(),
    endedWhileBusy: [],
    lostLaunches: 0,
    areInstancesUnknown: false,
    areLeasesLost: false,
  }
  return Object.assign(ground, { gateways: new SimulatedGateways(ground) })
}

const unhealthyThreshold = 2
/** A request that a target was at when it was taken out takes so long to finish. */
const requestMilliseconds = 3000
/** A gateway that has not looked for so long may be left out of account. */
const silenceMilliseconds = 5000
const noWait = AbortSignal.abort()

/** Gateways as programs in their machines: they pull what to do, look at their targets once a second, and report. */
class SimulatedGateways {
  readonly #ground: Omit<Ground, 'gateways'>
  readonly #seen = new Map<string, { isHealthy: boolean; streak: number; since: number }>()

  /** Until when a gateway is at a request to an instance, by both ids; without end while it may send new ones. */
  readonly #serving = new Map<string, number>()
  readonly #lookedAt = new Map<string, number>()

  constructor(ground: Omit<Ground, 'gateways'>) {
    this.#ground = ground
  }

  /** Whether a gateway is in the middle of a request to the instance. */
  isBusyWith(instanceId: string): boolean {
    const now = this.#ground.clock.now()
    return [...this.#serving].some(
      ([key, until]) => key.endsWith(` ${instanceId}`) && until > now && this.#isFresh(key),
    )
  }

  /** Whether the gateway of the key still lives, and had its say lately. */
  #isFresh(key: string): boolean {
    const { clock, host, cutZones } = this.#ground
    const life = key.split(' ')[0] ?? ''
    const [id = '', pid] = life.split('/')
    const machine = host.machines.get(id)
    if (machine === undefined || String(machine.status.pid) !== pid) return false
    if (cutZones.has(machine.spec.zone)) return false
    return clock.now() - (this.#lookedAt.get(life) ?? 0) < silenceMilliseconds
  }

  /** One look of every gateway that runs and is not cut off. */
  async look(balance: Balance): Promise<void> {
    const { host, cutZones } = this.#ground
    for (const { spec, status } of host.machines.values()) {
      if (!spec.id.startsWith('gw-') || status.phase !== 'running') continue
      // A gateway that was started again knows nothing of what it did before.
      const life = `${spec.id}/${status.pid}`
      if (!cutZones.has(spec.zone)) await this.#report(balance, spec.id, life)
    }
  }

  async #report(balance: Balance, gatewayId: string, life: string): Promise<void> {
    // While it said nothing it was left out of account, with what it was at.
    const isBack = this.#ground.clock.now() - (this.#lookedAt.get(life) ?? 0) >= silenceMilliseconds
    for (const key of isBack ? [...this.#serving.keys()] : []) {
      if (key.startsWith(`${life} `)) this.#serving.delete(key)
    }
    const configuration = await balance.gatewayConfiguration(gatewayId, -1, noWait)
    if (!configuration) return
    const targets: TargetHealth[] = configuration.targetGroups.flatMap((group) =>
      group.targets.map((target) => ({
        targetGroupId: group.id,
        targetId: target.id,
        ...this.#judge(`${life} ${group.id}`, target),
        requestsInFlight: this.#serve(life, target),
      })),
    )
    this.#lookedAt.set(life, this.#ground.clock.now())
    const report: GatewayReport = {
      gatewayId,
      generation: configuration.generation,
      targets,
      requestCount: 0,
      listening: configuration.listeners.map((listener) => listener.id),
    }
    await balance.report(gatewayId, report)
  }

  #serve(
    life: string,
    target: { readonly id: string; readonly state: 'active' | 'draining' | 'gone' },
  ): number {
    const now = this.#ground.clock.now()
    const key = `${life} ${target.id.split(':')[0]}`
    const until = this.#serving.get(key) ?? 0
    if (target.state === 'active') this.#serving.set(key, Number.POSITIVE_INFINITY)
    else if (target.state === 'gone') this.#serving.delete(key)
    else if (until === Number.POSITIVE_INFINITY) this.#serving.set(key, now + requestMilliseconds)
    return (this.#serving.get(key) ?? 0) > now ? 1 : 0
  }

  #judge(
    seer: string,
    target: { readonly id: string; readonly state: 'active' | 'draining' | 'gone' },
  ): Pick<TargetHealth, 'state' | 'since'> {
    const now = this.#ground.clock.now()
    if (target.state === 'draining') return { state: 'draining', since: now }
    const key = `${seer} ${target.id}`
    const answers = target.state === 'active' && this.#answers(target.id.split(':')[0] ?? '')
    const known = this.#seen.get(key)
    if (!known && !answers) {
      this.#seen.set(key, { isHealthy: false, streak: 0, since: now })
      return { state: 'initial', since: now }
    }
    const before = known ?? { isHealthy: true, streak: 0, since: now }
    const streak = answers === before.isHealthy ? 0 : before.streak + 1
    const turns = streak >= (answers ? 1 : unhealthyThreshold)
    const after = turns ? { isHealthy: answers, streak: 0, since: now } : { ...before, streak }
    this.#seen.set(key, after)
    return { state: after.isHealthy ? 'healthy' : 'unhealthy', since: after.since }
  }

  #answers(instanceId: string): boolean {
    const machine = this.#ground.host.machines.get(instanceId)
    if (machine?.status.phase !== 'running') return false
    return !this.#ground.sick.has(instanceId) && !this.#ground.cutZones.has(machine.spec.zone)
  }
}
