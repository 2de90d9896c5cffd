import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { advance, GroupSimulation, runToRest } from '../testing/group-simulation.ts'
import {
  activeStatuses,
  judgeRefresh,
  replacementFor,
  rolledBack,
  type RefreshPreferences,
  type RefreshState,
} from './domain/refresh.ts'
import { isReady } from './domain/replace-members.ts'

const preferences: RefreshPreferences = {
  minHealthyPercent: 90,
  maxHealthyPercent: 100,
  warmupSeconds: 0,
  bakeSeconds: 0,
  checkpoints: [],
  checkpointDelaySeconds: 0,
  skipsMatching: false,
  rollsBack: false,
  protectedInstances: 'Wait',
}

/** A group whose instances are all of version 1, and a refresh to version 2 over it. */
class RefreshSimulation extends GroupSimulation {
  refresh: RefreshState
  /** Fewest that were ready at any moment. */
  lowest = Infinity
  readonly history: string[] = []

  constructor(desired: number, max: number, change: Partial<RefreshPreferences>) {
    super(desired, max, ['a', 'b', 'c'])
    runToRest(this)
    this.version = 2
    this.now += 1000
    this.refresh = {
      status: 'Pending',
      preferences: { ...preferences, ...change },
      startedAt: this.now,
      target: { launchTemplateId: 'lt-1', version: 2 },
      original: { launchTemplateId: 'lt-1', version: 1 },
      percent: 0,
      checkpointsPassed: 0,
      progressAt: this.now,
    }
    this.replacement = (staff) => replacementFor(this.refresh, staff)
  }

  ready(): number {
    const replacement = this.view().replacement ?? { old: new Map(), warmupMilliseconds: 0 }
    const isServing = (member: ReturnType<typeof this.see>) =>
      isReady(this.view(), { ...replacement, warmupMilliseconds: 0 }, member, this.now)
    return this.staff().filter((member) => isServing(this.see(member))).length
  }

  judge(): boolean {
    const staff = this.staff().map((member) => this.see(member))
    const next = judgeRefresh(this.refresh, this.view(), staff, this.now)
    if (!next) return false
    if (next.status !== this.refresh.status) this.history.push(next.status)
    if (next.status === 'RollbackInProgress') this.version = 1
    this.refresh = next
    return true
  }

  /** Until the refresh is over. */
  run(turnsMax = 400): void {
    for (let turn = 0; turn < turnsMax && activeStatuses.includes(this.refresh.status); turn++) {
      if (this.judge()) continue
      advance(this)
      this.lowest = Math.min(this.lowest, this.ready())
      this.settleWorld()
    }
  }
}

test('a refresh replaces everything, never below its minimum nor above its maximum', () => {
  fc.assert(
    fc.property(
      fc.record({
        desired: fc.integer({ min: 1, max: 12 }),
        room: fc.nat(6),
        minHealthyPercent: fc.integer({ min: 0, max: 100 }),
        maxHealthyPercent: fc.integer({ min: 100, max: 200 }),
        warmupSeconds: fc.integer({ min: 0, max: 5 }),
      }),
      ({ desired, room, ...change }) => {
        const { minHealthyPercent, maxHealthyPercent } = change
        const simulation = new RefreshSimulation(desired, desired + room, change)
        let most = 0
        let moved = 0
        const plan = simulation.plan.bind(simulation)
        simulation.plan = () => {
          most = Math.max(most, simulation.staff().length)
          const steps = plan()
          moved += steps.filter((step) => step.type === 'launch' && step.why === 'rebalance').length
          return steps
        }
        simulation.run()
        assert.equal(simulation.refresh.status, 'Successful', JSON.stringify(change))
        assert.equal(simulation.refresh.percent, 100)
        assert.ok(simulation.staff().every((member) => member.version === 2))
        assert.equal(simulation.staff().length, desired)
        assert.equal(simulation.made - moved, 2 * desired, 'each is replaced once')
        const floor = Math.min(Math.ceil((desired * minHealthyPercent) / 100), desired - 1)
        assert.ok(simulation.lowest >= floor, `${simulation.lowest} ready, at least ${floor}`)
        const ceiling = Math.max(desired, Math.floor((desired * maxHealthyPercent) / 100))
        assert.ok(most <= Math.min(ceiling, desired + room), `${most} of ${ceiling}`)
        const rest = runToRest(simulation)
        assert.ok(rest < 20)
      },
    ),
    { numRuns: 150 },
  )
})

test('with room above, nobody leaves before another serves', () => {
  const change = { minHealthyPercent: 100, maxHealthyPercent: 134, warmupSeconds: 2 }
  const simulation = new RefreshSimulation(3, 4, change)
  simulation.run()
  assert.equal(simulation.refresh.status, 'Successful')
  assert.equal(simulation.lowest, 3)
})

test('with no room at all one is replaced at a time', () => {
  const change = { minHealthyPercent: 100, maxHealthyPercent: 100 }
  const simulation = new RefreshSimulation(4, 4, change)
  simulation.run()
  assert.equal(simulation.refresh.status, 'Successful')
  assert.equal(simulation.lowest, 3)
})

test('a checkpoint holds the refresh where it is for its delay, and the last one ends it', () => {
  const checkpoints = [25, 50]
  const simulation = new RefreshSimulation(4, 4, { checkpoints, checkpointDelaySeconds: 60 })
  const versions = () => simulation.staff().filter((member) => member.version === 2).length
  const startedAt = simulation.now
  while (simulation.now < startedAt + 50_000) {
    if (!simulation.judge()) {
      advance(simulation)
      simulation.settleWorld()
    }
  }
  assert.equal(versions(), 1)
  assert.match(simulation.refresh.statusReason ?? '', /checkpoint of 25 percent/)
  simulation.run()
  assert.equal(simulation.refresh.status, 'Successful')
  assert.equal(versions(), 2)
  assert.ok(simulation.now - startedAt > 120_000)
})

test('what matches already is skipped when that is asked for', () => {
  const simulation = new RefreshSimulation(3, 3, { skipsMatching: true })
  const [first] = simulation.members
  if (first) first.version = 2
  simulation.run()
  assert.equal(simulation.refresh.status, 'Successful')
  assert.equal(simulation.refresh.total, 2)
  assert.ok(simulation.members.includes(first!))
})

test('protected instances are waited for, ignored or replaced, as asked', () => {
  for (const protectedInstances of ['Wait', 'Ignore', 'Replace'] as const) {
    const simulation = new RefreshSimulation(3, 3, { protectedInstances })
    const [first] = simulation.members
    if (first) first.isProtected = true
    simulation.run(50)
    const isThere = simulation.members.includes(first!)
    assert.equal(isThere, protectedInstances !== 'Replace', protectedInstances)
    const isOver = simulation.refresh.status === 'Successful'
    assert.equal(isOver, protectedInstances !== 'Wait', protectedInstances)
  }
})

test('a refresh that gets nowhere fails after an hour, and turns back when that is asked for', () => {
  for (const rollsBack of [false, true]) {
    const simulation = new RefreshSimulation(3, 3, { rollsBack })
    const apply = simulation.apply.bind(simulation)
    simulation.apply = (step) => {
      apply(step)
      // Instances of version 2 never answer their target group.
      for (const member of simulation.members) if (member.version === 2) member.target = 'initial'
    }
    const advanceClock = simulation.settleWorld.bind(simulation)
    simulation.settleWorld = () => advanceClock(60_000)
    simulation.run()
    assert.equal(simulation.refresh.status, rollsBack ? 'RollbackSuccessful' : 'Failed')
    assert.match(simulation.refresh.statusReason ?? '', /for an hour/)
    assert.ok(simulation.lowest >= 2, 'one at most is out')
    const old = simulation.staff().filter((member) => member.version === 1).length
    assert.equal(old, rollsBack ? 3 : 2)
  }
})

test('a rollback by hand brings every instance back', () => {
  const simulation = new RefreshSimulation(3, 4, {})
  while (simulation.staff().every((member) => member.version === 1)) {
    if (!simulation.judge()) {
      advance(simulation)
      simulation.settleWorld()
    }
  }
  simulation.refresh = rolledBack(simulation.refresh, simulation.now, 'asked')
  simulation.version = 1
  simulation.run()
  assert.equal(simulation.refresh.status, 'RollbackSuccessful')
  assert.ok(simulation.staff().every((member) => member.version === 1))
})

test('a maintenance policy launches before it ends an unhealthy instance', () => {
  const simulation = new GroupSimulation(3, 4, ['a', 'b', 'c'])
  simulation.maintenance = { minPercent: 100, maxPercent: 134 }
  runToRest(simulation)
  const [first] = simulation.members
  Object.assign(first ?? {}, { isHealthy: false, why: 'user-health' })
  let least = Infinity
  for (let turn = 0; turn < 20; turn++) {
    advance(simulation)
    least = Math.min(least, simulation.staff().length)
    simulation.settleWorld()
  }
  assert.equal(least, 3)
  assert.ok(!simulation.members.includes(first!))
  assert.equal(simulation.members.length, 3)
})
