import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { advance, GroupSimulation, runToRest } from '../testing/group-simulation.ts'
import { onDemandTarget, unitsOnDemand } from './domain/capacity.ts'
import type { MixedView } from './domain/views.ts'

const weights = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 })

/** What befalls a group of several types; `pick` chooses whom. */
const happenings = fc.oneof(
  fc.record({ type: fc.constant('resize' as const), to: fc.nat(40), pick: fc.nat(9) }),
  fc.record({
    type: fc.constant('zones' as const),
    to: fc.integer({ min: 1, max: 3 }),
    pick: fc.nat(),
  }),
  fc.record({ type: fc.constant('die' as const), to: fc.nat(), pick: fc.nat(20) }),
  fc.record({ type: fc.constant('fail' as const), to: fc.nat(4), pick: fc.nat() }),
  fc.record({
    type: fc.constant('share' as const),
    to: fc.constantFrom(0, 25, 50, 100),
    pick: fc.nat(12),
  }),
  fc.record({ type: fc.constant('pass' as const), to: fc.nat(), pick: fc.nat() }),
)

function typesOf(given: readonly number[]): MixedView['types'] {
  return given.map((weight) => ({ instanceType: `w${weight}.large`, weight }))
}

function befall(
  simulation: GroupSimulation,
  { type, to, pick }: { type: string; to: number; pick: number },
): void {
  const { mixed, members } = simulation
  assert.ok(mixed)
  switch (type) {
    case 'resize':
      Object.assign(simulation, { desired: to, max: to + pick, isUnsettled: true })
      return
    case 'zones':
      simulation.zones = ['a', 'b', 'c'].slice(0, to)
      return
    case 'die': {
      const member = members[pick % Math.max(1, members.length)]
      if (member) member.phase = 'stopped'
      return
    }
    case 'fail':
      simulation.launchFailures = to
      return
    case 'share':
      simulation.mixed = { ...mixed, onDemandPercent: to, onDemandBase: pick }
      return
    case 'pass':
      advance(simulation)
  }
}

test('from any history a weighted group comes to rest at its capacity, over it by less than what could leave', () => {
  fc.assert(
    fc.property(weights, fc.array(happenings, { maxLength: 25 }), (given, history) => {
      const simulation = new GroupSimulation(10, 14, ['a', 'b', 'c'])
      simulation.mixed = {
        types: typesOf(given),
        onDemandBase: 0,
        onDemandPercent: 100,
        spotPools: 1,
      }
      for (const happening of history) befall(simulation, happening)
      runToRest(simulation)
      const staff = simulation.staff()
      const excess = simulation.units() - simulation.desired
      assert.ok(excess >= 0)
      assert.ok(staff.every((member) => simulation.weightOf(member) > excess))
      assert.ok(
        staff.every(
          ({ lifecycle, zone }) => lifecycle === 'InService' && simulation.zones.includes(zone),
        ),
      )
    }),
    { numRuns: 1500 },
  )
})

test('types of one weight are spread evenly, and as much of them is on demand as was asked for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.array(happenings, { maxLength: 25 }),
      fc.integer({ min: 1, max: 3 }),
      (weight, history, spotPools) => {
        const simulation = new GroupSimulation(10, 14, ['a', 'b', 'c'])
        const types = ['x.large', 'y.large'].map((instanceType) => ({ instanceType, weight }))
        simulation.mixed = { types, onDemandBase: 0, onDemandPercent: 50, spotPools }
        for (const happening of history) befall(simulation, happening)
        runToRest(simulation)
        const staff = simulation.staff().map((member) => simulation.see(member))
        const sizes = simulation.zones.map(
          (zone) => staff.filter((member) => member.zone === zone).length,
        )
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `spread ${sizes.join(' ')}`)
        const target = onDemandTarget(simulation.view())
        const over = unitsOnDemand(staff) - target
        const isAll = staff.every(({ market }) => market === 'on-demand')
        assert.ok(over >= 0 || isAll, `${over} units on demand too few`)
        assert.ok(over < weight, `${over} units on demand too many`)
      },
    ),
    { numRuns: 1000 },
  )
})

test('a launch may pass the desired capacity, and nobody leaves when that would miss it', () => {
  const simulation = new GroupSimulation(10, 10, ['a', 'b'])
  simulation.mixed = { types: typesOf([4]), onDemandBase: 0, onDemandPercent: 100, spotPools: 1 }
  runToRest(simulation)
  assert.equal(simulation.units(), 12)
  simulation.desired = 9
  assert.deepEqual(
    advance(simulation).filter(({ type }) => type === 'take-out'),
    [],
  )
  simulation.desired = 8
  runToRest(simulation)
  assert.equal(simulation.units(), 8)
})

test('spot of the lowest price is spread over as many types as were asked for', () => {
  const simulation = new GroupSimulation(6, 6, ['a', 'b', 'c'])
  const types = ['x.large', 'y.large', 'z.large'].map((instanceType) => ({
    instanceType,
    weight: 1,
  }))
  simulation.mixed = { types, onDemandBase: 2, onDemandPercent: 0, spotPools: 2 }
  runToRest(simulation)
  const made = Map.groupBy(
    simulation.staff(),
    ({ market, instanceType }) => `${instanceType} ${market}`,
  )
  const counts = [...made].map(([kind, members]) => `${members.length} ${kind}`)
  assert.deepEqual(counts.toSorted(), ['2 x.large on-demand', '2 x.large spot', '2 y.large spot'])
})

test('one at risk leaves once as many units serve without it, beyond the maximum if it must be', () => {
  for (const weight of [1, 2, 5]) {
    const simulation = new GroupSimulation(3, 3, ['a', 'b', 'c'])
    const types = [{ instanceType: 'x.large', weight }]
    simulation.mixed = { types, onDemandBase: 0, onDemandPercent: 0, spotPools: 1 }
    runToRest(simulation)
    const [atRisk] = simulation.members
    const range = { minPercent: 100, maxPercent: 200, newPercentMax: 100, warmupMilliseconds: 0 }
    simulation.replacement = (staff) => ({
      ...range,
      overMax: weight,
      old: new Map(
        staff.flatMap(({ memberId }) =>
          memberId === atRisk?.memberId ? [[memberId, 'spot']] : [],
        ),
      ),
    })
    for (let pass = 0; pass < 20; pass++) {
      advance(simulation)
      const serving = simulation.staff().filter(({ lifecycle }) => lifecycle === 'InService')
      assert.ok(serving.length * weight >= 3)
      simulation.settleWorld()
    }
    assert.ok(!simulation.members.some(({ memberId }) => memberId === atRisk?.memberId))
    assert.equal(simulation.staff().length, Math.ceil(3 / weight))
  }
})
