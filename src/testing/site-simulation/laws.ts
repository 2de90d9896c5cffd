import assert from 'node:assert/strict'
import { instances } from '../../compute/instance.ts'
import type { Scope } from '../../kernel/scope.ts'
import { networkInterfaces } from '../../network/records.ts'
import { isFilled } from '../../scale/domain/capacity.ts'
import { poolSize } from '../../scale/domain/plan-pool.ts'
import { isPooled, isStaff, type TakeOutReason } from '../../scale/domain/views.ts'
import {
  activities,
  groups,
  launchTokenOf,
  members,
  type Group,
  type Member,
} from '../../scale/group.ts'
import { weightOf, weightOfAll } from '../../scale/weights.ts'
import type { Ground } from './ground.ts'
import type { SimulatedServer } from './simulated-server.ts'

export const scope: Scope = { account: '000000000000', region: 'us-east-1' }
export const groupName = 'web'

/** Reasons that say that the instance itself is ill. */
const illnesses: readonly (TakeOutReason | undefined)[] = ['ec2-health', 'elb-health', 'abandoned']

/** What holds at every moment, whatever happens: checked at each commit. */
export class Laws {
  /** Instances that something was done to: they may be called ill. */
  readonly hurt = new Set<string>()
  /** The largest maximum, in units, that was asked for lately: a launch may have been decided under it. */
  maxAllowed = 0
  /** When a zone that was cut off may no longer be the reason of an illness; by zone. */
  readonly excusedUntil = new Map<string, number>()
  readonly broken: string[] = []
  readonly #ground: Ground
  readonly #seen = new Set<string>()
  #checks: Promise<void> = Promise.resolve()

  constructor(ground: Ground) {
    this.#ground = ground
    ground.store.watch(members, (changes) => {
      const ids = changes.map((change) => change.id)
      this.#checks = this.#checks.then(() => this.#check(ids))
    })
  }

  /** Throws the first law that was broken so far. */
  async hold(): Promise<void> {
    await this.#checks
    for (const id of this.#ground.endedWhileBusy.splice(0)) {
      if (!this.hurt.has(id)) this.broken.push(`${id} was ended in the middle of a request`)
    }
    assert.deepEqual(this.broken, [])
  }

  async #check(memberIds: readonly string[]): Promise<void> {
    const { store } = this.#ground
    const all = await store.list(members, scope)
    const staff = all.filter((record) => isStaff(record.value.lifecycle))
    const ids = new Set(staff.map((record) => record.id))
    // Launched, or drawn from the warm pool.
    const isNew = memberIds.some((id) => ids.has(id) && !this.#seen.has(id))
    for (const id of memberIds) {
      if (ids.has(id)) this.#seen.add(id)
      else this.#seen.delete(id)
    }
    const group = (await store.find(groups, scope, groupName))?.value
    const heaviest = heaviestOf(group)
    const bound = this.maxAllowed + heaviest - 1 + (group?.rebalancesCapacity ? heaviest : 0)
    const units = weightOfAll(
      group ?? {},
      staff.map(({ value }) => value),
    )
    if (isNew && units > bound)
      this.broken.push(`${units} units where at most ${bound} are allowed`)
    for (const { value } of all) {
      if (!illnesses.includes(value.unhealthyReason)) continue
      const instanceId = value.instanceId ?? (await this.#launchedFor(value.memberId))
      if (this.hurt.has(instanceId)) continue
      this.hurt.add(instanceId)
      if (this.#ground.clock.now() <= (this.excusedUntil.get(value.zone) ?? 0)) continue
      const what = `${instanceId} is called ill (${value.unhealthyReason})`
      this.broken.push(`${what}, and nothing was done to it`)
    }
  }

  /** A launch that was not written down yet. */
  async #launchedFor(memberId: string): Promise<string> {
    const all = await this.#ground.store.list(instances, scope)
    return all.find(({ value }) => value.clientToken === launchTokenOf(memberId))?.id ?? memberId
  }
}

/** What is wrong now; nothing once everything that was broken has healed. */
export async function whatIsWrong(
  ground: Ground,
  server: SimulatedServer,
  at: { desired: number; targetGroupArn: string },
): Promise<readonly string[]> {
  const { store, host } = ground
  const wrong: string[] = []
  const claim = (what: string, actual: unknown, expected: unknown): void => {
    const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)]
    if (a !== b) wrong.push(`${what}: ${a}, not ${b}`)
  }
  const group = await store.find(groups, scope, groupName)
  claim('desired capacity', group?.value.desiredCapacity, at.desired)
  const all = await store.list(members, scope)
  const pooled = all.filter(({ value }) => isPooled(value.lifecycle))
  const staff = all.filter(({ value }) => !isPooled(value.lifecycle))
  const idsOf = (list: typeof all) => list.map(({ value }) => value.instanceId ?? 'none').toSorted()
  claim('lifecycles', [...new Set(staff.map(({ value }) => value.lifecycle))], serving(at.desired))
  const ids = idsOf(staff)
  const warmPool = group?.value.warmPool
  claim('a pool that never goes', warmPool?.isDeleting ?? false, false)
  claim('the warm pool', pooled.length, group ? poolSize(warmPool, group.value) : 0)
  const up = pooled.filter(({ value }) => value.lifecycle === 'Warmed:Running')
  const down = pooled.filter(({ value }) => value.lifecycle === 'Warmed:Stopped')
  claim('unprepared', pooled.length - up.length - down.length, 0)
  const machines = [...host.machines.values()]
  const running = machines.filter(({ status }) => status.phase === 'running')
  const named = (prefix: string) =>
    running.map(({ spec }) => spec.id).filter((id) => id.startsWith(prefix))
  claim('machines that run', named('i-').toSorted(), idsOf([...staff, ...up]))
  claim('machines that do not run', machines.length - running.length, down.length)
  claim('gateways', named('gw-').length, 3)
  const living = (await store.list(instances, scope)).filter(
    ({ value }) => value.state !== 'terminated',
  )
  claim('instances', living.map((record) => record.id).toSorted(), idsOf(all))
  const targets = await server.balance.targets.list(scope, at.targetGroupArn)
  const healthy = targets?.filter((target) => target.state === 'healthy') ?? []
  claim('targets', targets?.length, staff.length)
  claim('healthy targets', healthy.map((target) => target.targetId).toSorted(), ids)
  const values = staff.map(({ value }) => value)
  wrong.push(...wrongSizes(group?.value ?? {}, values, at.desired))
  const held = (await store.list(networkInterfaces, scope)).flatMap(
    ({ value }) => value.machineId ?? [],
  )
  const homeless = held.filter((id) => !host.machines.has(id))
  claim('addresses of machines that are gone', homeless, [])
  const open = (await store.list(activities, scope)).filter(
    ({ value }) => value.statusCode === 'InProgress',
  )
  claim(
    'activities that never end',
    open.map(({ value }) => value.description),
    [],
  )
  return wrong
}

/** Whether the units are as many as desired, and even over the zones. */
function wrongSizes(
  group: Pick<Group, 'mixedInstances'>,
  staff: readonly Member[],
  desired: number,
): readonly string[] {
  const wrong: string[] = []
  const weights = staff.map(({ instanceType }) => weightOf(group, instanceType))
  const isFull = isFilled(
    desired,
    weights.map((weight) => ({ weight })),
  )
  if (!isFull) wrong.push(`${desired} units are wanted, members weigh ${weights.join(', ')}`)
  const spread = ['us-east-1a', 'us-east-1b', 'us-east-1c'].map((zone) =>
    weightOfAll(
      group,
      staff.filter((member) => member.zone === zone),
    ),
  )
  // Members that weigh differently cannot always be exchanged for each other.
  const gapMax = new Set(weights).size > 1 ? 2 * heaviestOf(group) : heaviestOf(group)
  if (Math.max(...spread) - Math.min(...spread) > gapMax) {
    wrong.push(`zones hold ${spread.join(', ')} units`)
  }
  return wrong
}

/** By how much, and one less, a group may pass its bounds. */
function heaviestOf(group: Pick<Group, 'mixedInstances'> | undefined): number {
  const overrides = group?.mixedInstances?.overrides ?? []
  return Math.max(1, ...overrides.map(({ weightedCapacity }) => Number(weightedCapacity ?? 1)))
}

function serving(desired: number): readonly string[] {
  return desired === 0 ? [] : ['InService']
}
