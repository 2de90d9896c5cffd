import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupCommit } from './group-commit.ts'

/** Statements that end when they are told to. */
function statements() {
  const begun: { readonly items: readonly string[]; readonly end: PromiseWithResolvers<void> }[] =
    []
  const write = groupCommit<string>({
    sizesOf: (text) => [1, text.length],
    sizesMax: [3, 8],
    write(items) {
      const end = Promise.withResolvers<void>()
      begun.push({ items: [...items], end })
      return end.promise
    },
  })
  return { begun, write }
}

const turns = () => new Promise((resolve) => setImmediate(resolve))

test('what comes in one moment goes in one statement, and what comes meanwhile in the next', async () => {
  const { begun, write } = statements()
  const first = [write('a'), write('b')]
  await turns()
  const second = [write('c'), write('d')]
  await turns()
  assert.deepEqual(
    begun.map(({ items }) => items),
    [['a', 'b']],
  )
  begun[0]?.end.resolve()
  await Promise.all(first)
  await turns()
  assert.deepEqual(begun[1]?.items, ['c', 'd'])
  begun[1]?.end.resolve()
  await Promise.all(second)
})

test('a statement is bounded by every measure, and an item beyond it goes alone', async () => {
  const { begun, write } = statements()
  const texts = ['a', 'b', 'c', 'd', '12345', '123', '123456789', 'e']
  const done = texts.map((text) => write(text))
  for (let n = 0; n < 5; n++) {
    await turns()
    begun[n]?.end.resolve()
  }
  await Promise.all(done)
  assert.deepEqual(
    begun.map(({ items }) => items.join(' ')),
    ['a b c', 'd 12345', '123', '123456789', 'e'],
  )
})

test('a statement that fails fails for those of its own, and the next one is tried', async () => {
  const { begun, write } = statements()
  const first = write('12345678')
  const second = write('b')
  await turns()
  begun[0]?.end.reject(new Error('disk full'))
  await assert.rejects(first, /disk full/)
  await turns()
  begun[1]?.end.resolve()
  await second
})
