import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tallyOf } from '../../metrics/domain/tally.ts'
import type { PointStore, Series, SeriesPoint } from '../../metrics/point-store.ts'

const scope = { account: '000000000000', region: 'us-east-1' }
const start = Date.UTC(2026, 10, 22, 10)

function seriesOf(name: string, dimensions: Record<string, string> = {}): Series {
  return { scope, namespace: 'Site', name, dimensions }
}

function point(series: Series, second: number, values: readonly number[]): SeriesPoint {
  const tally = tallyOf(values.map((value) => [value, 1] as const))
  return { ...tally, series, at: start + second * 1000, resolutionSeconds: 1, unit: 'None' }
}

/** The point store's contract. `open` gives the same store each time, or a fresh one. */
export function pointStoreConformance(name: string, open: () => Promise<PointStore>): void {
  async function cleanStore(): Promise<PointStore> {
    const store = await open()
    await store.clear()
    return store
  }
  readTests(name, cleanStore)
  seriesTests(name, cleanStore)
  replaceTests(name, cleanStore)
}

const until = start + 3_600_000

function read(store: PointStore, series: Series, more: object = {}) {
  return store.read({ series, from: start, until, periodSeconds: 60, withSamples: true, ...more })
}

function readTests(name: string, cleanStore: () => Promise<PointStore>): void {
  test(`${name}: points come back as they were added, in time's order`, async () => {
    const store = await cleanStore()
    const series = seriesOf('Latency', { Host: 'a', App: 'ünï"\\' })
    const set = { ...point(series, 1, [1, 3]), samples: undefined }
    const points = [point(series, 2, [1, 1, -2.5, 1e300]), set, point(series, 0, [7, 7])]
    await store.append(points)
    const expected = [points[2], points[1], points[0]].map((one) => {
      const { series: _, ...rest } = one as SeriesPoint
      return rest
    })
    const found = await read(store, seriesOf('Latency', { App: 'ünï"\\', Host: 'a' }))
    assert.deepEqual(
      found.map(({ at, samples, count, sum, minimum, maximum, unit, resolutionSeconds }) => ({
        at,
        samples,
        count,
        sum,
        minimum,
        maximum,
        unit,
        resolutionSeconds,
      })),
      expected
        .map((one) => ({ ...one, at: one.at }))
        .map((one) => ({
          at: one.at,
          samples: one.samples,
          count: one.count,
          sum: one.sum,
          minimum: one.minimum,
          maximum: one.maximum,
          unit: one.unit,
          resolutionSeconds: one.resolutionSeconds,
        })),
    )
    assert.deepEqual(await read(store, seriesOf('Latency')), [])
  })

  test(`${name}: a query is held to its time, unit and resolution`, async () => {
    const store = await cleanStore()
    const series = seriesOf('Depth')
    await store.append([
      point(series, 0, [1]),
      point(series, 59, [2]),
      { ...point(series, 60, [3]), unit: 'Count' },
      { ...point(series, 120, [4]), resolutionSeconds: 300 },
    ])
    const sums = async (more: object) => (await read(store, series, more)).map((one) => one.sum)
    assert.deepEqual(await sums({ until: start + 59_000 }), [1])
    assert.deepEqual(await sums({ unit: 'Count' }), [3])
    assert.deepEqual(await sums({ periodSeconds: 300 }), [1, 2, 3, 4])
    assert.deepEqual(await sums({ periodSeconds: 60 }), [1, 2, 3])
    const plain = await read(store, series, { withSamples: false })
    assert.equal(
      plain.reduce((sum, one) => sum + one.sum, 0),
      6,
    )
    assert.equal(
      plain.reduce((sum, one) => sum + one.count, 0),
      3,
    )
    const [first] = plain
    assert.deepEqual([first?.minimum, first?.at], [1, start])
  })
}

function seriesTests(name: string, cleanStore: () => Promise<PointStore>): void {
  test(`${name}: series are found by what names them`, async () => {
    const store = await cleanStore()
    const host = seriesOf('Latency', { Host: 'a' })
    const both = seriesOf('Latency', { Host: 'a', App: 'x' })
    const elsewhere = { ...host, scope: { account: '111111111111', region: 'us-east-1' } }
    await store.append([host, both, seriesOf('Depth'), elsewhere].map((one) => point(one, 0, [1])))
    const names = async (filter: Parameters<PointStore['series']>[1]) =>
      (await store.series(scope, filter)).map(
        (one) => `${one.name} ${Object.keys(one.dimensions).toSorted().join()}`,
      )
    assert.deepEqual(await names({}), ['Depth ', 'Latency App,Host', 'Latency Host'])
    assert.deepEqual(await names({ dimensions: [{ name: 'App' }] }), ['Latency App,Host'])
    assert.deepEqual(await names({ dimensions: [{ name: 'Host', value: 'b' }] }), [])
    assert.deepEqual(await names({ namespace: 'Other' }), [])
    assert.deepEqual(await names({ name: 'Depth', activeSince: Date.now() + 3_600_000 }), [])
  })
}

function replaceTests(name: string, cleanStore: () => Promise<PointStore>): void {
  test(`${name}: parts of one period are found and replaced by their sum, once`, async () => {
    const store = await cleanStore()
    const series = seriesOf('Depth')
    const parts = [point(series, 1, [1]), point(series, 1, [5]), point(series, 2, [9])]
    await store.append(parts)
    const range = { from: start, before: until, pointsMax: 100 }
    const crowded = await store.crowded(range)
    assert.deepEqual(
      crowded.map((one) => one.sum).toSorted((a, b) => a - b),
      [1, 5],
    )
    const ids = crowded.map((one) => one.id)
    const whole = [point(series, 1, [1, 5])]
    assert.equal(await store.replace(ids, whole), true)
    assert.equal(await store.replace(ids, whole), false)
    assert.deepEqual(await store.crowded(range), [])
    assert.deepEqual(
      (await read(store, series)).map((one) => one.sum),
      [6, 9],
    )
  })

  test(`${name}: aged points come oldest first and can go for good`, async () => {
    const store = await cleanStore()
    const series = seriesOf('Depth')
    await store.append([2, 0, 1].map((second) => point(series, second, [second])))
    const query = { resolutionSeconds: 1, before: start + 2000, pointsMax: 10 }
    const aged = await store.aged(query)
    assert.deepEqual(
      aged.map((one) => one.sum),
      [0, 1],
    )
    assert.deepEqual(aged[0]?.series, series)
    assert.deepEqual(await store.aged({ ...query, resolutionSeconds: 60 }), [])
    assert.equal(
      await store.replace(
        aged.map((one) => one.id),
        [],
      ),
      true,
    )
    assert.deepEqual(
      (await read(store, series)).map((one) => one.sum),
      [2],
    )
  })

  test(`${name}: a series without points is forgotten, and can come back`, async () => {
    const store = await cleanStore()
    const series = seriesOf('Depth')
    await store.append([point(series, 0, [1]), point(seriesOf('Other'), 0, [1])])
    const [only] = await store.aged({ resolutionSeconds: 1, before: until, pointsMax: 1 })
    await store.replace([only?.id ?? ''], [])
    await store.forgetSeries(Date.now() + 3_600_000)
    assert.equal((await store.series(scope, {})).length, 1)
    await store.append([point(series, 0, [1]), point(seriesOf('Other'), 0, [1])])
    assert.equal((await store.series(scope, {})).length, 2)
  })
}
