import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecordExists, StaleRevision, kindOf, modify } from '../../store/records.ts'
import type { Change, Store } from '../../store/records.ts'

interface Thing {
  readonly count: number
  readonly note?: string
}

const things = kindOf<Thing>('conformance/things')
const others = kindOf<Thing>('conformance/others')
const scope = { account: '000000000000', region: 'us-east-1' }
const elsewhere = { account: '000000000000', region: 'eu-west-1' }

/** The store contract. `open` gives the same, once emptied, store each time or a fresh one; the caller closes it. */
export function storeConformance(name: string, open: () => Promise<Store>): void {
  async function cleanStore(): Promise<Store> {
    const store = await open()
    await store.clear()
    return store
  }
  recordTests(name, cleanStore)
  togetherTests(name, cleanStore)
  listTests(name, cleanStore)
  transactionTests(name, cleanStore)
  signalTests(name, cleanStore)
}

function recordTests(name: string, cleanStore: () => Promise<Store>): void {
  test(`${name}: a record is found as it was written, until it is removed`, async () => {
    const store = await cleanStore()
    const value = { count: 1, note: 'ünï\u0000\u{1f680}"\\' }
    const made = await store.insert(things, { scope, id: 'a', owner: 'o' }, value)
    assert.deepEqual(made, { kind: things.name, scope, id: 'a', owner: 'o', revision: 1, value })
    assert.deepEqual(await store.find(things, scope, 'a'), made)
    assert.equal(await store.find(things, elsewhere, 'a'), undefined)
    assert.equal(await store.find(others, scope, 'a'), undefined)
    await store.remove(made)
    assert.equal(await store.find(things, scope, 'a'), undefined)
  })

  test(`${name}: members keep their order, and absent ones stay absent`, async () => {
    const store = await cleanStore()
    const value = { note: undefined, zebra: 1, apple: [], count: 1 } as unknown as Thing
    const made = await store.insert(things, { scope, id: 'a' }, value)
    const found = await store.find(things, scope, 'a')
    assert.deepEqual(Object.keys(found?.value ?? {}), ['zebra', 'apple', 'count'])
    assert.deepEqual(made, found)
  })

  test(`${name}: an id is taken once`, async () => {
    const store = await cleanStore()
    await store.insert(things, { scope, id: 'a' }, { count: 1 })
    await assert.rejects(store.insert(things, { scope, id: 'a' }, { count: 2 }), RecordExists)
    await store.insert(things, { scope: elsewhere, id: 'a' }, { count: 2 })
  })

  test(`${name}: a write that names an old revision is refused`, async () => {
    const store = await cleanStore()
    const first = await store.insert(things, { scope, id: 'a' }, { count: 1 })
    const second = await store.update(first, { count: 2 })
    assert.equal(second.revision, 2)
    await assert.rejects(store.update(first, { count: 3 }), StaleRevision)
    await assert.rejects(store.remove(first), StaleRevision)
    await store.remove(second)
    await assert.rejects(store.update(second, { count: 3 }), StaleRevision)
  })

  test(`${name}: concurrent modifications all count`, async () => {
    const store = await cleanStore()
    await store.insert(things, { scope, id: 'a' }, { count: 0 })
    const at = { kind: things, scope, id: 'a' }
    const add = (): Promise<unknown> => modify(store, at, ({ count }) => ({ count: count + 1 }))
    await Promise.all(Array.from({ length: 20 }, add))
    assert.equal((await store.find(things, scope, 'a'))?.value.count, 20)
  })
}

function togetherTests(name: string, cleanStore: () => Promise<Store>): void {
  test(`${name}: what is asked at the same time is answered each for itself`, async () => {
    const store = await cleanStore()
    const put = (id: string, count: number): Promise<unknown> =>
      store.insert(things, { scope, id, owner: 'o' }, { count })
    const made = await Promise.allSettled([put('a', 1), put('b', 2), put('a', 3), put('c', 4)])
    assert.deepEqual(
      made.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    )
    const ids = ['a', 'b', 'c', 'd', 'b']
    const found = await Promise.all(ids.map((id) => store.find(things, scope, id)))
    assert.deepEqual(
      found.map((record) => record?.value.count),
      [1, 2, 4, undefined, 2],
    )
    const [a, b, c] = found
    assert.ok(a && b && c)
    await store.update(b, { count: 20 })
    const changed = await Promise.allSettled([
      store.update(a, { count: 10 }),
      store.update(b, { count: 30 }),
      store.update(c, { count: 40 }),
      store.update(c, { count: 41 }),
    ])
    assert.deepEqual(
      changed.map((end) => (end.status === 'fulfilled' ? end.value.revision : end.reason.name)),
      [2, 'StaleRevision', 2, 'StaleRevision'],
    )
    const gone = await Promise.allSettled([store.remove(a), store.remove(b), store.remove(c)])
    assert.ok(gone.every((end) => end.status === 'rejected'))
    const left = await store.list(things, scope)
    assert.deepEqual(
      left.map((record) => record.value.count),
      [10, 20, 40],
    )
    await Promise.all(left.map((record) => store.remove(record)))
    assert.deepEqual(await store.list(things, scope, { owner: 'o' }), [])
  })

  test(`${name}: a transaction's writes of one moment are all done`, async () => {
    const store = await cleanStore()
    const numbers = Array.from({ length: 1200 }, (_, n) => `${n}`)
    await store.transaction(async (records) => {
      const made = await Promise.all(
        numbers.map((id) => records.insert(things, { scope, id, owner: 'o' }, { count: 0 })),
      )
      await Promise.all(made.map((record) => records.update(record, { count: 1 })))
    })
    const all = await store.list(things, scope)
    assert.equal(all.length, numbers.length)
    assert.ok(all.every((record) => record.revision === 2 && record.value.count === 1))
  })
}

function listTests(name: string, cleanStore: () => Promise<Store>): void {
  async function filled(): Promise<Store> {
    const store = await cleanStore()
    const ids = ['b', 'a/2', 'a/1', 'a', 'a/\u{1f680}', 'a/\uffee', 'B']
    for (const [index, id] of ids.entries()) {
      const owner = index % 2 === 0 ? 'even' : 'odd'
      await store.insert(things, { scope, id, owner }, { count: index })
    }
    await store.insert(things, { scope: elsewhere, id: 'a' }, { count: 9 })
    return store
  }

  const idsOf = (records: readonly { id: string }[]): string[] => records.map(({ id }) => id)

  test(`${name}: lists are ordered by code point and kept to their scope`, async () => {
    const store = await filled()
    const all = ['B', 'a', 'a/1', 'a/2', 'a/\uffee', 'a/\u{1f680}', 'b']
    assert.deepEqual(idsOf(await store.list(things, scope)), all)
    assert.deepEqual(idsOf(await store.list(things, elsewhere)), ['a'])
    assert.equal((await store.listAll(things)).length, 8)
    assert.deepEqual(idsOf(await store.list(things, scope, { owner: 'odd' })), [
      'a',
      'a/2',
      'a/\uffee',
    ])
  })

  test(`${name}: a list is cut by prefix, start and count`, async () => {
    const store = await filled()
    const page = { idPrefix: 'a/', idAfter: 'a/1', itemsMax: 2 }
    assert.deepEqual(idsOf(await store.list(things, scope, page)), ['a/2', 'a/\uffee'])
    assert.deepEqual(idsOf(await store.list(things, scope, { idPrefix: 'a/%' })), [])
    assert.deepEqual(idsOf(await store.list(things, scope, { idAfter: 'b' })), [])
    assert.deepEqual(idsOf(await store.listAll(things, { itemsMax: 3 })), ['B', 'a', 'a'])
  })
}

function transactionTests(name: string, cleanStore: () => Promise<Store>): void {
  test(`${name}: a transaction that throws leaves nothing`, async () => {
    const store = await cleanStore()
    const kept = await store.insert(things, { scope, id: 'kept' }, { count: 1 })
    const failing = store.transaction(async (records) => {
      await records.insert(things, { scope, id: 'a' }, { count: 1 })
      await records.remove(kept)
      assert.equal(await records.find(things, scope, 'kept'), undefined)
      assert.equal((await records.list(things, scope)).length, 1)
      throw new Error('no')
    })
    await assert.rejects(failing, /^Error: no$/)
    assert.deepEqual(await store.list(things, scope), [kept])
  })

  test(`${name}: a transaction that could not insert may go on`, async () => {
    const store = await cleanStore()
    await store.insert(things, { scope, id: 'a' }, { count: 1 })
    await store.transaction(async (records) => {
      await assert.rejects(records.insert(things, { scope, id: 'a' }, { count: 2 }), RecordExists)
      await records.insert(things, { scope, id: 'b' }, { count: 2 })
    })
    assert.equal((await store.list(things, scope)).length, 2)
  })

  test(`${name}: concurrent transactions act as if one after the other`, async () => {
    const store = await cleanStore()
    // Each takes the number after the highest one that it sees: a lost race would take one twice.
    const claim = (_: unknown, index: number): Promise<void> =>
      store.transaction(async (records) => {
        const taken = await records.list(things, scope)
        const highest = Math.max(0, ...taken.map((record) => record.value.count))
        await records.insert(things, { scope, id: `claim-${index}` }, { count: highest + 1 })
      })
    await Promise.all(Array.from({ length: 8 }, claim))
    const counts = (await store.list(things, scope)).map((record) => record.value.count)
    assert.deepEqual(
      counts.toSorted((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8],
    )
  })
}

function signalTests(name: string, cleanStore: () => Promise<Store>): void {
  test(`${name}: a watcher hears of each commit once, with its changes of that kind`, async () => {
    const store = await cleanStore()
    const heard: (readonly Change[])[] = []
    const unwatch = store.watch(things, (changes) => heard.push(changes))
    const made = await store.insert(things, { scope, id: 'a', owner: 'o' }, { count: 1 })
    await store.insert(others, { scope, id: 'a' }, { count: 1 })
    await store.transaction(async (records) => {
      await records.update(made, { count: 2 })
      await records.insert(others, { scope, id: 'b' }, { count: 1 })
      await records.insert(things, { scope, id: 'b' }, { count: 1 })
    })
    await assert.rejects(
      store.transaction(async (records) => {
        await records.insert(things, { scope, id: 'c' }, { count: 1 })
        throw new Error('no')
      }),
    )
    unwatch()
    await store.clear()
    assert.deepEqual(heard, [
      [{ kind: things.name, scope, id: 'a', owner: 'o' }],
      [
        { kind: things.name, scope, id: 'a', owner: 'o' },
        { kind: things.name, scope, id: 'b', owner: undefined },
      ],
    ])
  })

  test(`${name}: a lease has one holder, and a new epoch for each change of it`, async () => {
    const store = await cleanStore()
    const lease = `conformance/${Math.random()}`
    assert.deepEqual(await store.lease(lease, 'one', 60_000), { epoch: 1 })
    assert.equal(await store.lease(lease, 'two', 60_000), undefined)
    assert.deepEqual(await store.lease(lease, 'one', 0), { epoch: 1 })
    assert.deepEqual(await store.lease(lease, 'two', 60_000), { epoch: 2 })
    assert.equal(await store.lease(lease, 'one', 60_000), undefined)
  })

  test(`${name}: clearing removes every record and says so`, async () => {
    const store = await cleanStore()
    await store.insert(things, { scope, id: 'a' }, { count: 1 })
    await store.insert(others, { scope: elsewhere, id: 'b' }, { count: 1 })
    const heard: Change[] = []
    const unwatch = store.watch(things, (changes) => heard.push(...changes))
    await store.clear()
    unwatch()
    assert.deepEqual(heard, [{ kind: things.name, scope, id: 'a', owner: undefined }])
    assert.deepEqual([...(await store.listAll(things)), ...(await store.listAll(others))], [])
  })
}
