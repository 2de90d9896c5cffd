import { Pool } from 'pg'
import { openPostgresPoints, openPostgresStore } from '../src/drivers/postgres/index.ts'
import { silentLog } from '../src/kernel/ports.ts'
import { systemClock } from '../src/kernel/system/clock.ts'
import { rollUp } from '../src/metrics/domain/retention.ts'
import { tallyOf } from '../src/metrics/domain/tally.ts'
import { createPointWriter } from '../src/metrics/point-writer.ts'
import { queryMetrics } from '../src/metrics/query-metrics.ts'
import type { Series, SeriesPoint } from '../src/metrics/point-store.ts'
import { temporaryPostgres } from '../src/testing/embedded-postgres.ts'
import { median, quantile, row } from './figures.ts'

/** A million points of a hundred series: what a put and a get cost, durable, in PostgreSQL; without the wire. */
const pointsTotal = 1_000_000
const seriesCount = 100
const scope = { account: '000000000000', region: 'us-east-1' }
const start = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 10 * 24 * 3_600_000

const seriesOf = (index: number): Series => ({
  scope,
  namespace: 'Bench',
  name: 'Latency',
  dimensions: { Host: `host-${index}` },
})
const pointOf = (index: number): SeriesPoint => ({
  ...tallyOf([[(index * 7919) % 1000, 1]]),
  series: seriesOf(index % seriesCount),
  at: start + Math.floor(index / seriesCount) * 60_000,
  resolutionSeconds: 60,
  unit: 'Milliseconds',
})

const temporary = await temporaryPostgres()
if ('skip' in temporary) {
  process.stdout.write(`not run: ${temporary.skip}\n`)
} else {
  const { connection } = temporary.postgres
  const store = await openPostgresStore({ connection, clock: systemClock, log: silentLog })
  const points = openPostgresPoints({ connection, log: silentLog, now: () => systemClock.now() })
  try {
    await fill()
    for (const callers of [1, 16, 64]) await measurePuts(callers)
    await vacuum()
    await measureGets()
  } finally {
    await points.close()
    await store.close()
    await temporary.remove()
  }

  async function fill(): Promise<void> {
    const began = performance.now()
    for (let index = 0; index < pointsTotal; index += 5000) {
      await points.append(rollUp(Array.from({ length: 5000 }, (_, more) => pointOf(index + more))))
    }
    const seconds = (performance.now() - began) / 1000
    row('points put in 5000s', `${Math.round(pointsTotal / seconds)}/s`)
  }

  /** As autovacuum does a minute after so many new points. */
  async function vacuum(): Promise<void> {
    const database = new Pool(connection)
    await database.query('vacuum (analyze) metric_points')
    await database.end()
  }

  async function measurePuts(callers: number): Promise<void> {
    const writer = createPointWriter(points)
    const times: number[] = []
    const began = performance.now()
    await Promise.all(
      Array.from({ length: callers }, async (_, caller) => {
        for (let turn = 0; turn < 400; turn++) {
          const at = performance.now()
          await writer.write([{ ...pointOf(caller), at: start + 9.9 * 24 * 3_600_000 }])
          times.push(performance.now() - at)
        }
      }),
    )
    const perSecond = times.length / ((performance.now() - began) / 1000)
    row(
      `put, ${callers} callers`,
      `${Math.round(perSecond)}/s`,
      `p50 ${median(times).toFixed(2)} ms`,
      `p99 ${quantile(times, 0.99).toFixed(2)} ms`,
    )
  }

  async function measureGets(): Promise<void> {
    const until = start + (pointsTotal / seriesCount) * 60_000
    const hour = 3_600_000
    const cases = [
      ['an hour by the minute, Sum', 'Sum', hour, 60],
      ['an hour by the minute, p99', 'p99', hour, 60],
      ['a week by the hour, Average', 'Average', 166 * hour, 3600],
      ['a week by the hour, p99', 'p99', 166 * hour, 3600],
    ] as const
    for (const [label, statistic, length, periodSeconds] of cases) {
      const times: number[] = []
      for (let turn = 0; turn < 50; turn++) {
        const { namespace, name, dimensions } = seriesOf(turn)
        const stat = { namespace, name, dimensions, statistic, periodSeconds }
        const at = performance.now()
        await queryMetrics(points, scope, [{ id: 'm', returnsData: true, stat }], {
          from: until - length,
          until,
        })
        times.push(performance.now() - at)
      }
      row(
        `get ${label}`,
        `p50 ${median(times).toFixed(2)} ms`,
        `p99 ${quantile(times, 0.99).toFixed(2)} ms`,
      )
    }
  }
}
