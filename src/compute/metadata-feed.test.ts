import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PlacedMetadata } from '../protocol/edge.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { createMetadataFeed } from './metadata-feed.ts'

const never = new AbortController().signal

function placed(instanceId: string, text = ''): PlacedMetadata {
  const leaves = { 'meta-data/instance-id': instanceId, text }
  const instance = { instanceId, address: '10.0.0.4', tokens: 'optional', enabled: true } as const
  return { networkId: 'vpc-1', instance: { ...instance, leaves } }
}

function world(...first: readonly PlacedMetadata[]) {
  const clock = manualClock()
  let all = first
  let tell = (): void => undefined
  const source = {
    instanceMetadata: async () => all,
    onMetadataChange(listener: () => void) {
      tell = listener
      return () => undefined
    },
  }
  return {
    clock,
    feed: createMetadataFeed({ clock } as unknown as EngineContext, source),
    become(...next: readonly PlacedMetadata[]) {
      all = next
      tell()
    },
  }
}

test('who asks first is told everything, and after that only what changed', async () => {
  const [a, b] = [placed('i-a'), placed('i-b')]
  const { feed, become } = world(a, b)
  const whole = await feed.news(-1, never)
  assert.ok(whole?.isWhole)
  assert.deepEqual(whole.changed, [a, b])
  const next = feed.news(whole.generation, never)
  const other = placed('i-a', 'other')
  become(other, b)
  const news = await next
  assert.deepEqual(news, {
    generation: whole.generation + 1,
    isWhole: false,
    changed: [other],
    gone: [],
  })
  become(other)
  const last = await feed.news(news?.generation ?? 0, never)
  assert.deepEqual([last?.changed, last?.gone], [[], ['i-b']])
  const both = await feed.news(whole.generation, never)
  assert.deepEqual([both?.changed, both?.gone], [[other], ['i-b']])
})

test('a number of another time is answered with everything', async () => {
  const { feed } = world(placed('i-a'))
  const { generation = 0 } = (await feed.news(-1, never)) ?? {}
  for (const after of [generation + 1000, generation - 1])
    assert.ok((await feed.news(after, never))?.isWhole)
})

test('an edge that missed more ends than are remembered is told everything', async () => {
  const many = Array.from({ length: 1200 }, (_, n) => placed(`i-${n}`))
  const { feed, become } = world(...many)
  const { generation = 0 } = (await feed.news(-1, never)) ?? {}
  become()
  const news = await feed.news(generation, never)
  assert.ok(news?.isWhole)
  assert.deepEqual(news.changed, [])
})

test('without a change the answer is nothing, after a while', async () => {
  const { feed, clock } = world()
  const { generation = 0 } = (await feed.news(-1, never)) ?? {}
  const waiting = feed.news(generation, never)
  await clock.advance(20_000)
  assert.equal(await waiting, undefined)
})
