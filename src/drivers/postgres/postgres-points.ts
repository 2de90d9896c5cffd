import { Pool, type ClientConfig, type PoolClient } from 'pg'
import type { Log } from '../../kernel/ports.ts'
import type { Scope } from '../../kernel/scope.ts'
import {
  dimensionsText,
  seriesKey,
  type Point,
  type PointQuery,
  type PointStore,
  type Samples,
  type Series,
  type SeriesFilter,
  type SeriesPoint,
  type StoredPoint,
} from '../../metrics/point-store.ts'
import { databaseError } from './database-error.ts'

/** One writes, the others read; beside the store's two pools this stays under the embedded server's limit. */
const connectionsMax = 4
const connectTimeoutMilliseconds = 10_000
/** Series whose number is known without asking. Beyond it they are all asked for again. */
const knownSeriesMax = 100_000
/** How exactly it is known when a series got its last point. */
const activityMilliseconds = 5 * 60_000

/** The point store on a database that `openPostgresStore` has migrated. */
export function openPostgresPoints(options: {
  readonly connection: ClientConfig
  readonly log: Log
  /** Milliseconds, to spare the database from noting each series' activity each time. */
  now(): number
}): PointStore {
  const pool = new Pool({
    ...options.connection,
    max: connectionsMax,
    connectionTimeoutMillis: connectTimeoutMilliseconds,
  })
  pool.on('error', (thrown) =>
    options.log.write('warn', 'lost an idle database connection', { reason: thrown.message }),
  )
  return new PostgresPoints(pool, options.now)
}

class PostgresPoints implements PointStore {
  readonly #pool: Pool
  readonly #now: () => number
  readonly #known = new Map<string, { id: string; notedAt: number }>()

  constructor(pool: Pool, now: () => number) {
    this.#pool = pool
    this.#now = now
  }

  append(points: readonly SeriesPoint[]): Promise<void> {
    return this.#guarded('writing metric points', async () => {
      if (points.length > 0) await this.#insert(this.#pool, points)
    })
  }

  read(query: PointQuery): Promise<readonly Point[]> {
    return this.#guarded('reading metric points', async () => {
      const id = await this.#idOf(query.series)
      if (id === undefined) return []
      const { from, until, periodSeconds, unit, withSamples } = query
      const values: unknown[] = [id, Math.ceil(from / 1000), Math.ceil(until / 1000), periodSeconds]
      if (unit !== undefined) values.push(unit)
      const where = `series = $1 and at >= $2::bigint and at < $3::bigint and resolution <= $4::bigint${
        unit === undefined ? '' : ' and unit = $5'
      }`
      const text = withSamples
        ? `select ${plainColumns}, null::float8[] as samples from metric_points where ${where} and minimum = maximum
           union all select ${pointColumns} from metric_points where ${where} and minimum <> maximum order by at`
        : `select $2::bigint + (at - $2::bigint) / $4::bigint * $4::bigint as at, max(resolution) as resolution, unit, sum(count) as count,
             sum(sum) as sum, min(minimum) as minimum, max(maximum) as maximum, '{}'::float8[] as samples
           from metric_points where ${where} group by 1, unit order by 1`
      const name = `points-${withSamples}-${unit !== undefined}`
      const { rows } = await this.#pool.query<PointRow>({ name, text, values })
      return rows.map(pointOf)
    })
  }

  series(scope: Scope, filter: SeriesFilter): Promise<readonly Series[]> {
    return this.#guarded('listing metrics', async () => {
      const values: unknown[] = [scope.account, scope.region]
      const conditions = ['account = $1', 'region = $2']
      const add = (condition: string, value: unknown): void => {
        values.push(value)
        conditions.push(condition.replace('?', `$${values.length}`))
      }
      if (filter.namespace !== undefined) add('namespace = ?', filter.namespace)
      if (filter.name !== undefined) add('name = ?', filter.name)
      if (filter.activeSince !== undefined) {
        add('active_at >= to_timestamp(?)', (filter.activeSince - activityMilliseconds) / 1000)
      }
      const { rows } = await this.#pool.query<SeriesRow>(
        `select ${seriesColumns} from metric_series where ${conditions.join(' and ')}
         order by namespace, name, dimensions`,
        values,
      )
      const wanted = filter.dimensions ?? []
      return rows
        .map(seriesOf)
        .filter(({ dimensions }) =>
          wanted.every(({ name, value }) =>
            value === undefined ? Object.hasOwn(dimensions, name) : dimensions[name] === value,
          ),
        )
    })
  }

  aged(query: {
    resolutionSeconds: number
    before: number
    pointsMax: number
  }): Promise<readonly StoredPoint[]> {
    return this.#stored(
      `select p.id as point, ${joinedColumns} from metric_points p join metric_series s on s.id = p.series
       where resolution = $1 and at < $2 order by at limit $3`,
      [query.resolutionSeconds, Math.ceil(query.before / 1000), query.pointsMax],
    )
  }

  crowded(query: {
    from: number
    before: number
    pointsMax: number
  }): Promise<readonly StoredPoint[]> {
    return this.#stored(
      `select p.id as point, ${joinedColumns} from (
         select *, count(*) over (partition by series, resolution, at, unit) as parts from metric_points
         where resolution in (1, 60) and at >= $1 and at < $2
       ) p join metric_series s on s.id = p.series where parts > 1 order by p.series, at limit $3`,
      [Math.ceil(query.from / 1000), Math.ceil(query.before / 1000), query.pointsMax],
    )
  }

  replace(ids: readonly string[], points: readonly SeriesPoint[]): Promise<boolean> {
    return this.#guarded('replacing metric points', async () => {
      const client = await this.#pool.connect()
      try {
        await client.query('begin')
        const { rowCount } = await client.query(
          'delete from metric_points where id = any($1::bigint[])',
          [ids],
        )
        const isWhole = rowCount === new Set(ids).size
        if (isWhole && points.length > 0) await this.#insert(client, points)
        await client.query(isWhole ? 'commit' : 'rollback')
        return isWhole
      } catch (thrown) {
        await client.query('rollback').catch(() => undefined)
        throw thrown
      } finally {
        client.release()
      }
    })
  }

  forgetSeries(inactiveSince: number): Promise<void> {
    return this.#guarded('forgetting metrics', async () => {
      const { rowCount } = await this.#pool.query(
        `delete from metric_series s where active_at < to_timestamp($1)
         and not exists (select 1 from metric_points p where p.series = s.id)`,
        [inactiveSince / 1000],
      )
      if (rowCount) this.#known.clear()
    })
  }

  clear(): Promise<void> {
    return this.#guarded('clearing metrics', async () => {
      await this.#pool.query('truncate metric_points, metric_series')
      this.#known.clear()
    })
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }

  async #insert(on: Pool | PoolClient, points: readonly SeriesPoint[]): Promise<void> {
    await this.#know(points.map((point) => point.series))
    const columns: unknown[][] = [[], [], [], [], [], [], [], [], []]
    for (const point of points) {
      const id = this.#known.get(seriesKey(point.series))?.id
      const { at, resolutionSeconds, unit, count, sum, minimum, maximum } = point
      const row = [id, Math.floor(at / 1000), resolutionSeconds, unit, count, sum, minimum, maximum]
      for (const [index, value] of [...row, samplesText(point)].entries()) {
        columns[index]?.push(value)
      }
    }
    await on.query({
      name: 'append-points',
      text: `insert into metric_points (series, at, resolution, unit, count, sum, minimum, maximum, samples)
        select series, at, resolution, unit, count, sum, minimum, maximum, samples::float8[]
        from unnest($1::bigint[], $2::bigint[], $3::int[], $4::text[], $5::float8[], $6::float8[], $7::float8[], $8::float8[],
          $9::text[]) as new (series, at, resolution, unit, count, sum, minimum, maximum, samples)`,
      values: columns,
    })
  }

  /** Makes sure of the numbers of these series, and notes now and then that they are in use. */
  async #know(series: readonly Series[]): Promise<void> {
    if (this.#known.size > knownSeriesMax) this.#known.clear()
    const now = this.#now()
    const missing = new Map<string, Series>()
    for (const one of series) {
      const key = seriesKey(one)
      const known = this.#known.get(key)
      if (known === undefined || now - known.notedAt > activityMilliseconds) missing.set(key, one)
    }
    if (missing.size === 0) return
    // In one order everywhere, so that two writers do not wait for each other.
    const ordered = [...missing].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
    const { rows } = await this.#pool.query<SeriesRow & { id: string }>(
      `insert into metric_series as held (account, region, namespace, name, dimensions)
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
       on conflict (account, region, namespace, name, dimensions) do update set active_at = now()
       returning id, ${seriesColumns}`,
      [
        ordered.map((one) => one.scope.account),
        ordered.map((one) => one.scope.region),
        ordered.map((one) => one.namespace),
        ordered.map((one) => one.name),
        ordered.map((one) => dimensionsText(one.dimensions)),
      ],
    )
    for (const row of rows) this.#known.set(seriesKey(seriesOf(row)), { id: row.id, notedAt: now })
  }

  async #idOf(series: Series): Promise<string | undefined> {
    const known = this.#known.get(seriesKey(series))
    if (known !== undefined) return known.id
    const { scope, namespace, name, dimensions } = series
    const { rows } = await this.#pool.query<{ id: string }>({
      name: 'series-id',
      text: `select id from metric_series where account = $1 and region = $2 and namespace = $3 and name = $4 and dimensions = $5`,
      values: [scope.account, scope.region, namespace, name, dimensionsText(dimensions)],
    })
    return rows[0]?.id
  }

  #stored(text: string, values: unknown[]): Promise<readonly StoredPoint[]> {
    return this.#guarded('reading metric points', async () => {
      const { rows } = await this.#pool.query<PointRow & SeriesRow & { point: string }>(
        text,
        values,
      )
      return rows.map((row) => ({ ...pointOf(row), id: row.point, series: seriesOf(row) }))
    })
  }

  async #guarded<R>(doing: string, work: () => Promise<R>): Promise<R> {
    try {
      return await work()
    } catch (thrown) {
      throw databaseError(doing, thrown)
    }
  }
}

interface PointRow {
  readonly at: string
  readonly resolution: number
  readonly unit: string
  readonly count: number
  readonly sum: number
  readonly minimum: number
  readonly maximum: number
  readonly samples: number[] | null
}

interface SeriesRow {
  readonly account: string
  readonly region: string
  readonly namespace: string
  readonly name: string
  readonly dimensions: string
}

/** What the index by series holds. */
const plainColumns = 'at, resolution, unit, count, sum, minimum, maximum'
const pointColumns = `${plainColumns}, samples`
const seriesColumns = 'account, region, namespace, name, dimensions'
const joinedColumns = `${pointColumns}, ${seriesColumns}`

function pointOf(row: PointRow): Point {
  const { unit, count, sum, minimum, maximum } = row
  return {
    at: Number(row.at) * 1000,
    resolutionSeconds: row.resolution,
    unit,
    count,
    sum,
    minimum,
    maximum,
    samples: samplesOf(row),
  }
}

function samplesOf(row: PointRow): Samples | undefined {
  const { samples } = row
  if (samples === null) return [[row.minimum, row.count]]
  if (samples.length === 0) return undefined
  const pairs: [number, number][] = []
  for (let i = 0; i + 1 < samples.length; i += 2) {
    pairs.push([samples[i] ?? 0, samples[i + 1] ?? 0])
  }
  return pairs
}

function samplesText(point: Point): string | null {
  if (point.samples === undefined) return '{}'
  if (point.samples.length === 1 && point.minimum === point.maximum) return null
  return `{${point.samples.map(([value, count]) => `${value},${count}`).join(',')}}`
}

function seriesOf(row: SeriesRow): Series {
  const { account, region, namespace, name } = row
  const dimensions = Object.fromEntries(JSON.parse(row.dimensions) as [string, string][])
  return { scope: { account, region }, namespace, name, dimensions }
}
