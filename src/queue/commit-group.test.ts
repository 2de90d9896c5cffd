import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CommitGroup } from './commit-group.ts'

test('what comes while a group is on its way goes together in the next one', async () => {
  const groups: (readonly number[])[] = []
  const gates: (() => void)[] = []
  const group = new CommitGroup<number, number>(
    async (items) => {
      groups.push(items)
      await new Promise<void>((resolve) => gates.push(resolve))
      return items.map((item) => item * 10)
    },
    { itemsMax: 3, bytesMax: 100, lanes: 1, besideMin: 1 },
  )
  const first = group.add(1)
  await new Promise((resolve) => setImmediate(resolve))
  const later = [2, 3, 4, 5].map((item) => group.add(item))
  gates.shift()?.()
  assert.equal(await first, 10)
  await new Promise((resolve) => setImmediate(resolve))
  gates.shift()?.()
  assert.deepEqual(await Promise.all(later.slice(0, 3)), [20, 30, 40])
  await new Promise((resolve) => setImmediate(resolve))
  gates.shift()?.()
  assert.equal(await later[3], 50)
  assert.deepEqual(groups, [[1], [2, 3, 4], [5]])
})

test('items that come together stay together, and get their own results', async () => {
  const groups: (readonly number[])[] = []
  const group = new CommitGroup<number, number>(
    async (items) => {
      groups.push(items)
      return items.map((item) => item * 10)
    },
    { itemsMax: 3, bytesMax: 100, lanes: 1, besideMin: 1 },
  )
  const answers = await Promise.all([
    group.add(1),
    group.addAll([2, 3, 4]),
    group.addAll([5, 6]),
    group.add(7),
  ])
  assert.deepEqual(answers, [10, [20, 30, 40], [50, 60], 70])
  assert.deepEqual(groups, [[1], [2, 3, 4], [5, 6, 7]])
})

test('a group that fails rejects its own items, and no others', async () => {
  const group = new CommitGroup<number, number>(
    async (items) => {
      if (items.includes(13)) throw new Error('no luck')
      return items
    },
    { itemsMax: 1, bytesMax: 100, lanes: 1, besideMin: 1 },
  )
  const outcomes = await Promise.allSettled([group.add(1), group.add(13), group.add(2)])
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
})

test('a group is full at its bytes too, and one large item goes alone', async () => {
  const groups: (readonly string[])[] = []
  const group = new CommitGroup<string, string>(
    async (items) => {
      groups.push(items)
      return items
    },
    { itemsMax: 10, bytesMax: 10, lanes: 1, besideMin: 1 },
  )
  await Promise.all([group.add('a', 6), group.add('b', 6), group.add('c', 50), group.add('d', 1)])
  assert.deepEqual(groups, [['a'], ['b'], ['c'], ['d']])
})

test('a second group goes beside the first only when it is worth its statement', async () => {
  const groups: (readonly number[])[] = []
  const gates: (() => void)[] = []
  const group = new CommitGroup<number, number>(
    async (items) => {
      groups.push(items)
      await new Promise<void>((resolve) => gates.push(resolve))
      return items
    },
    { itemsMax: 10, bytesMax: 100, lanes: 2, besideMin: 3 },
  )
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  const answers = [group.add(1)]
  await turn()
  answers.push(group.add(2), group.add(3))
  await turn()
  assert.deepEqual(groups, [[1]])
  answers.push(group.add(4))
  await turn()
  assert.deepEqual(groups, [[1], [2, 3, 4]])
  answers.push(group.add(5))
  gates[1]?.()
  await turn()
  assert.deepEqual(groups, [[1], [2, 3, 4]])
  gates[0]?.()
  await turn()
  assert.deepEqual(groups.at(-1), [5])
  gates[2]?.()
  assert.deepEqual(await Promise.all(answers), [1, 2, 3, 4, 5])
})
