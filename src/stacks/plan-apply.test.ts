import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { planApply, reversed, type ApplyInput, type Task } from './plan-apply.ts'

/** Graphs without circles: each task may depend on earlier ones. */
const graphs = fc
  .array(fc.array(fc.nat(1000), { maxLength: 4 }), { minLength: 1, maxLength: 25 })
  .map((edges): Task[] =>
    edges.map((after, index) => ({
      logicalId: `R${index}`,
      after: index === 0 ? [] : [...new Set(after.map((edge) => `R${edge % index}`))],
      state: 'waiting',
    })),
  )

function input(tasks: readonly Task[], more: Partial<ApplyInput> = {}): ApplyInput {
  const running = new Set<string>()
  return { tasks, running, failure: 'together', isStopping: false, parallelMax: 100, ...more }
}

/** Works a graph off, the running ones ending in an order that `pick` gives; the order in which they were started. */
function workOff(tasks: readonly Task[], parallelMax: number, pick: () => number): string[] {
  const states = new Map(tasks.map(({ logicalId, state }) => [logicalId, state]))
  const running = new Set<string>()
  const started: string[] = []
  for (;;) {
    const now = tasks.map((task) => ({ ...task, state: states.get(task.logicalId) ?? task.state }))
    const plan = planApply(input(now, { running, parallelMax }))
    if (plan.outcome) {
      assert.equal(plan.outcome, 'complete')
      return started
    }
    for (const id of plan.start) {
      const { after } = tasks.find((task) => task.logicalId === id) ?? { after: [] }
      assert.ok(
        after.every((other) => states.get(other) === 'done'),
        `${id} waits for ${after.join()}`,
      )
      running.add(id)
      states.set(id, 'working')
      started.push(id)
    }
    assert.ok(running.size <= parallelMax)
    const isFree = running.size < parallelMax
    const ready = tasks.filter(
      ({ logicalId, after }) =>
        states.get(logicalId) === 'waiting' && after.every((id) => states.get(id) === 'done'),
    )
    assert.ok(!isFree || ready.length === 0, 'whatever can run, runs')
    const ended = [...running][pick() % running.size] ?? ''
    running.delete(ended)
    states.set(ended, 'done')
  }
}

test('everything is started once, after what it depends on, and never waits for anything else', () => {
  fc.assert(
    fc.property(
      graphs,
      fc.integer({ min: 1, max: 8 }),
      fc.infiniteStream(fc.nat(99)),
      (tasks, most, picks) => {
        const started = workOff(tasks, most, () => picks.next().value ?? 0)
        assert.deepEqual(new Set(started), new Set(tasks.map(({ logicalId }) => logicalId)))
        assert.equal(started.length, tasks.length)
      },
    ),
  )
})

test('backwards, everything goes before what it was made from', () => {
  fc.assert(
    fc.property(graphs, fc.infiniteStream(fc.nat(99)), (tasks, picks) => {
      const removed = workOff(reversed(tasks), 4, () => picks.next().value ?? 0)
      for (const { logicalId, after } of tasks) {
        for (const id of after) assert.ok(removed.indexOf(logicalId) < removed.indexOf(id))
      }
    }),
  )
})

test('reversing twice gives the same graph', () => {
  fc.assert(
    fc.property(graphs, (tasks) => {
      const twice = reversed(reversed(tasks))
      const edges = (list: readonly Task[]): Set<string> =>
        new Set(list.flatMap(({ logicalId, after }) => after.map((id) => `${logicalId} ${id}`)))
      assert.deepEqual(edges(twice), edges(tasks))
    }),
  )
})

const waiting: Task = { logicalId: 'W', after: [], state: 'waiting' }
const failed: Task = { logicalId: 'F', after: [], state: 'failed' }
const working: Task = { logicalId: 'K', after: [], state: 'working' }
const behind: Task = { logicalId: 'B', after: ['F'], state: 'waiting' }

test('a failure starts nothing more, cancels what runs, and ends when that has ended', () => {
  const running = new Set(['K'])
  const plan = planApply(input([waiting, failed, working], { running }))
  assert.deepEqual(plan, { start: [], cancel: ['K'], abandon: [], outcome: undefined })
  const over = planApply(input([waiting, failed]))
  assert.deepEqual(over, { start: [], cancel: [], abandon: [], outcome: 'failed' })
})

test('what a dead server had begun is abandoned on failure, and carried on otherwise', () => {
  assert.deepEqual(planApply(input([failed, working])).abandon, ['K'])
  assert.deepEqual(planApply(input([waiting, working])).start, ['K', 'W'])
})

test('apart, the others go on, and only what waits for the failed one stays', () => {
  const plan = planApply(input([waiting, failed, behind], { failure: 'apart' }))
  assert.deepEqual(plan.start, ['W'])
  const stuck = planApply(input([failed, behind], { failure: 'apart' }))
  assert.deepEqual(stuck, { start: [], cancel: [], abandon: [], outcome: 'failed' })
})
