/** `$1`: the events, each with the number of its batch; then by batch: group, stream, time of ingestion, bytes. */
export const append = `
with batches as (
  select * from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[]) with ordinality as b (log_group, log_stream, ingested_at, bytes, number)
), added as (
  insert into log_events (log_group, log_stream, at, ingested_at, message)
  select ($2::uuid[])[e.b], ($3::uuid[])[e.b], e.t, ($4::bigint[])[e.b], e.m
  from rows from (json_to_recordset($1::json) as (b int, t bigint, m text)) with ordinality as e (b, t, m, number) order by e.number
  returning log_stream, at
), newest as (
  select log_stream, max(at) as last_at from added group by log_stream
), sums as (
  select log_group, log_stream, max(ingested_at) as ingested_at, sum(bytes) as bytes from batches group by log_group, log_stream
)
insert into log_streams as held (id, log_group, last_at, ingested_at, bytes)
select s.log_stream, s.log_group, n.last_at, s.ingested_at, s.bytes from sums s join newest n using (log_stream) order by s.log_stream
on conflict (id) do update set
  last_at = greatest(held.last_at, excluded.last_at),
  ingested_at = greatest(held.ingested_at, excluded.ingested_at),
  bytes = held.bytes + excluded.bytes`

const columns = 'log_stream, at, sequence, ingested_at, message'

/** The first of the rows, until their messages take so many bytes: what lies beyond is never fetched. The order is that of the rows. */
function within(rows: string, order: string, bytesMax: string): string {
  return `
    select *, octet_length(message) as size from (
      select *, sum(octet_length(message)) over (order by ${order} rows unbounded preceding) as total from (${rows}) as found
    ) as summed where total - octet_length(message) < ${bytesMax}::bigint order by ${order}`
}

/** A place before all, or after all, stands for none. */
export function readOf(scope: 'group' | 'stream', isBackward: boolean): string {
  const [sign, order] = isBackward ? ['<', 'desc'] : ['>', 'asc']
  const rows = (where: string): string => `
    select ${columns} from log_events where ${where} and at >= $2::bigint and at < $3::bigint
      and (at, sequence) ${sign} ($4::bigint, $5::bigint)
    order by at ${order}, sequence ${order} limit $6::int`
  const ordered = `at ${order}, sequence ${order}`
  if (scope === 'group') return within(rows('log_group = $1::uuid'), ordered, '$7')
  const ofStreams = `
    select e.* from unnest($1::uuid[]) as wanted (id) cross join lateral (${rows('log_stream = wanted.id')}) e
    order by ${ordered} limit $6::int`
  return within(ofStreams, ordered, '$7')
}

export const summaries = `
select s.id, s.last_at, s.ingested_at,
  (select e.at from log_events e where e.log_stream = s.id order by e.at, e.sequence limit 1) as first_at
from log_streams s where s.id = any($1::uuid[])`

export const newest = 'select id, last_at from log_streams where log_group = $1::uuid'

export const bytes = `
select log_group as id, sum(bytes) as bytes from log_streams where log_group = any($1::uuid[]) group by log_group`

export const arrived = within(
  `select log_group, ${columns} from log_events
   where sequence > $2::bigint and log_group = any($1::uuid[]) order by sequence limit $3::int`,
  'sequence',
  '$4',
)

export const lastSequence = 'select coalesce(max(sequence), 0) as sequence from log_events'

/** Streams are locked in one order, that of `append`, so that neither waits for the other for ever. */
export const expire = `
with aged as (
  select sequence from log_events where log_group = $1::uuid and at < $2::bigint order by at, sequence limit $3::int
), gone as (
  delete from log_events where sequence in (select sequence from aged)
  returning log_stream, octet_length(message) + $4::int as bytes
), sums as (
  select log_stream, sum(bytes) as bytes from gone group by log_stream
), locked as (
  select id from log_streams where id in (select log_stream from sums) order by id for update
), changed as (
  update log_streams s set bytes = greatest(0, s.bytes - sums.bytes)
  from sums join locked on locked.id = sums.log_stream where s.id = locked.id
)
select count(*)::int as count from gone`

export function purgeOf(column: 'log_group' | 'log_stream'): string {
  return `
    with aged as (select sequence from log_events where ${column} = $1::uuid order by at, sequence limit $2::int),
    gone as (delete from log_events where sequence in (select sequence from aged) returning 1)
    select count(*)::int as count from gone`
}

export const forgetGroup = 'delete from log_streams where log_group = $1::uuid'
export const forgetStream = 'delete from log_streams where id = $1::uuid'

export const clear = 'truncate log_events, log_streams'
