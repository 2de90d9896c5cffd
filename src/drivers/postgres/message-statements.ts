import { columns } from './claim-statements.ts'

/**
 * The statements of the message store but those that deliver. Lists come in as one JSON text, which PostgreSQL reads faster than arrays.
 * Each that adds or removes messages says so in `message_counts`.
 */

/** What `copyRow` gives of a message; all else is as usual. */
const appended = `queue, id, visible_at, kept_from, enqueued_at, sent_at, message_group, deduplication_id, sender, trace, attributes, body`

/** The rows come with it. `counts`: of each queue how many they are. */
export function append(counts: ReadonlyMap<number, number>): string {
  const rows = [...counts].map(([queue, count]) => `(${queue}, ${count})`)
  return `copy messages (${appended}) from stdin; insert into message_counts (queue, delta) values ${rows.join(', ')}`
}

/** $1 messages with their sequences. */
export const appendSequenced = `
with given as materialized (
  select * from json_to_recordset($1::json)
    as m(q bigint, n bigint, i uuid, v bigint, t bigint, g text, d text, u text, x text, a text, b text)
),
counted as (insert into message_counts select q, count(*) from given group by q)
insert into messages (queue, sequence, id, visible_at, kept_from, enqueued_at, sent_at, message_group, deduplication_id, sender,
  trace, attributes, body)
select q, n, i, v, t, t, t, g, d, u, x, a, b from given`

/** $1 how many. */
export const takeSequences = `select nextval('message_sequence')::float8 as sequence from generate_series(1, $1)`

/** A transaction that waits until no other one holds a lock of these queues. In one order, so that two do not wait for each other. */
export function begin(queues: readonly number[]): string {
  const locks = queues
    .toSorted((a, b) => a - b)
    .map((queue) => `; select pg_advisory_xact_lock(${queue})`)
  return `begin${locks.join('')}`
}

/** $1 messages with keys, $2 now. Gives the keys that were free. */
export const markNew = `
insert into message_marks as mark (queue, key, id, sequence, until)
select q, k, i, n, e from json_to_recordset($1::json) as m(q bigint, k text, i uuid, n bigint, e bigint) order by q, k
on conflict (queue, key) do update set id = excluded.id, sequence = excluded.sequence, until = excluded.until
where mark.until <= $2
returning id`

/** $1 queues and keys. */
export const readMarks = `
select mark.queue::float8 as queue, mark.key, mark.id, mark.sequence::float8 as sequence
from json_to_recordset($1::json) as m(q bigint, k text)
join message_marks mark on mark.queue = m.q and mark.key = m.k`

/** $1 queue, $2 attempt, $3 attempted after, $4 now, $5 visible at. */
export const replay = `
update messages m set visible_at = $5
where queue = $1 and attempt = $2 and claimed_at > $3 and visible_at > $4
returning ${columns}`

const deliveries =
  'json_to_recordset($1::json) as o(n int, q bigint, s bigint, i uuid, d int, f boolean, v bigint, h bigint)'
const isDelivered = 'm.queue = o.q and m.sequence = o.s and m.id = o.i'

/** $1 deliveries, $2 now. */
export const remove = `
with gone as (
  delete from messages m using ${deliveries}
  where ${isDelivered} and m.delivery = o.d and (not o.f or m.visible_at > $2)
  returning o.n, o.q
),
counted as (insert into message_counts select q, -count(*) from gone group by q)
select n from gone`

/** $1 deliveries, $2 now. */
export const changeVisibility = `
update messages m set visible_at = o.v from ${deliveries}
where ${isDelivered} and m.delivery = o.d and m.visible_at > $2 and o.v - m.claimed_at <= o.h
returning o.n`

/** $1 deliveries, $2 now. What the ones that could not be done look like. */
export const lookAt = `
select o.n, m.delivery = o.d and m.visible_at > $2 as in_flight from ${deliveries} join messages m on ${isDelivered}`

/** $1 deliveries, $2 now. */
export const release = `
update messages m set visible_at = $2, delivery = m.delivery - 1,
  first_received_at = case when m.delivery + m.earlier_receives = 1 then 0 else m.first_received_at end
from ${deliveries} where ${isDelivered} and m.delivery = o.d`

/** $1 queue, $2 now. */
export const count = `
select
  (select coalesce(sum(delta), 0)::float8 from message_counts where queue = $1) as total,
  (select count(*)::int from message_counts where queue = $1) as parts,
  (select enqueued_at::float8 from messages where queue = $1 order by sequence limit 1) as oldest_at,
  count(*)::float8 as hidden, count(*) filter (where delivery > 0)::float8 as in_flight
from messages where queue = $1 and visible_at > $2`

/** $1 queue. Rows that another fold holds are left to it. */
export const foldCounts = `
with taken as (
  delete from message_counts where ctid = any(array(
    select ctid from message_counts where queue = $1 for update skip locked
  )) returning delta
)
insert into message_counts select $1, sum(delta) from taken having count(*) > 0`

/** $1 queue, $2 now. */
export const nextVisibleAt = `
select visible_at::float8 as at from messages where queue = $1 and visible_at > $2 order by visible_at limit 1`

/** $1 from, $2 now, $3 limit, $4 [source, queue] pairs with null for any source, $5 whether FIFO. */
export const move = `
with picked as materialized (
  select m.ctid as at, t.q as target
  from (
    select ctid, source_arn from messages where queue = $1 and visible_at <= $2
    order by visible_at, sequence limit $3 for update skip locked
  ) m
  left join json_to_recordset($4::json) as t(a text, q bigint) on t.a is null or t.a = m.source_arn
),
gone as (
  delete from messages m where m.ctid = any(array(select at from picked where target is not null))
  returning m.*, m.ctid as at
),
moved as (
  insert into messages (queue, id, visible_at, kept_from, enqueued_at, sent_at, first_received_at, earlier_receives, message_group,
    deduplication_id, sender, trace, attributes, body)
  select target, id, $2, case when $5 then $2 else kept_from end, $2, sent_at, first_received_at, earlier_receives + delivery,
    message_group, deduplication_id, sender, trace, attributes, body
  from (select gone.*, picked.target from gone join picked using (at) order by sequence) as gone
  returning queue
),
counted as (
  insert into message_counts
  select queue, count(*) from moved group by queue union all select $1, -count(*) from gone having count(*) > 0
)
select (select count(*)::int from moved) as moved, (select count(*)::int from picked where target is null) as unplaced`

/** Of deletions from the queue $1. Gives how many. */
function counting(deletion: string): string {
  return `
with gone as (${deletion} returning 1),
counted as (insert into message_counts select $1, -count(*) from gone having count(*) > 0)
select count(*)::int as count from gone`
}

/** $1 queue, $2 mark, $3 limit. */
export const purge = counting(`
delete from messages where queue = $1 and sequence = any(array(
  select sequence from messages where queue = $1 and sequence <= $2 order by sequence limit $3
))`)

/** $1 queue, $2 kept before, $3 limit. Only dead letters can be older than what is before them. */
export const expire = counting(`
delete from messages where queue = $1 and kept_from <= $2 and sequence = any(array(
  (select sequence from messages where queue = $1 order by sequence limit $3)
  union
  (select sequence from messages where queue = $1 and source_arn is not null and kept_from <= $2 limit $3)
))`)

/** $1 now. */
export const expireMarks = 'delete from message_marks where until <= $1'

/** Every queue with messages, by jumps through the index. */
export const queues = `
with recursive found as (
  (select queue from messages order by queue limit 1)
  union all
  select (select m.queue from messages m where m.queue > found.queue order by m.queue limit 1) from found where found.queue is not null
)
select queue::float8 as queue from found where queue is not null`

/** The sequence goes on, so that no mark of a purge from before meets a message from after. */
export const clear = 'truncate messages, message_marks, message_counts'
