/** The statements that deliver messages. */

export const columns = `m.queue::float8 as queue, m.sequence::float8 as sequence, m.id, m.delivery, m.earlier_receives, m.body,
  m.attributes, m.trace, m.sender, m.sent_at::float8 as sent_at, m.first_received_at::float8 as first_received_at, m.message_group,
  m.deduplication_id, m.source_arn`

/** How a claim finds its rows, and what its last row tells. */
interface Pick {
  /** Named queries, the last of them `picked` with the places `at`. */
  readonly queries: string
  /** What a dead letter is kept from. */
  readonly keptFrom: string
  readonly front: string
  readonly looked: string
  readonly lastGroup: string
}

/**
 * The rows are taken by their places, for a join tempts the planner into reading the whole queue. A row that another statement moved in
 * between is not found there; whoever moved it tells those that wait.
 *
 * $1 queue, $2 now, $3 limit, $4 visible at, $5 kept after, $6 deliveries at most (or null), $7 dead-letter queue, $8 its source,
 * $9 attempt, $10 the front to begin at. The last row has no message; it says how many went to the dead-letter queue, and what the claim saw.
 */
function claimWith({ queries, keptFrom, front, looked, lastGroup }: Pick): string {
  return `
with ${queries},
dead as (
  delete from messages m
  where m.ctid = any(array(select at from picked)) and $6::int is not null and m.delivery >= $6
  returning m.*
),
moved as (
  insert into messages (queue, id, visible_at, kept_from, enqueued_at, sent_at, first_received_at, earlier_receives, message_group,
    deduplication_id, sender, trace, attributes, body, source_arn)
  select $7, id, $2, ${keptFrom}, $2, sent_at, first_received_at, earlier_receives + delivery, message_group, deduplication_id,
    sender, trace, attributes, body, $8
  from (select * from dead order by sequence) as dead
  returning 1
),
counted as (
  insert into message_counts
  select side.queue, side.sign * dead.count from (select count(*) from dead) dead, (values ($1, -1), ($7::bigint, 1)) side(queue, sign)
  where dead.count > 0
),
taken as (
  update messages m set visible_at = $4, claimed_at = $2, delivery = m.delivery + 1, attempt = $9,
    first_received_at = case when m.first_received_at = 0 then $2 else m.first_received_at end
  where m.ctid = any(array(select at from picked)) and ($6::int is null or m.delivery < $6)
  returning m.*
)
select ${columns}, null::int as moved, null::float8 as front, null::int as looked, null::text as last_group from taken m
union all
select ${columns}, (select count(*)::int from moved), ${front}, ${looked}, ${lastGroup} from (select 1) one left join messages m on false
order by 2 nulls last`
}

export const claimStandard = claimWith({
  queries: `
picked as materialized (
  select ctid as at, visible_at from messages
  where queue = $1 and visible_at between $10 and $2 and kept_from > $5
  order by visible_at, sequence limit $3 for update skip locked
)`,
  keptFrom: 'kept_from',
  front: '(select min(visible_at)::float8 from picked)',
  looked: 'null',
  lastGroup: 'null',
})

/** Messages that a claim from a FIFO queue looks at first, in their order: three times what it can want. */
export const lookAhead = 30
/** Of a group: more than one claim can take of it. */
const firstsMax = 12

/**
 * What a group's first messages say of it. One claim takes at most ten of a group, and none while one of them is in flight: all that are in
 * flight are among the first ones.
 */
function stateOf(group: string): string {
  return `
  select coalesce(bool_or(visible_at > $2 and delivery > 0), false) as is_in_flight,
    min(sequence) filter (where visible_at > $2) as hidden_from,
    count(*) filter (where hidden = 0 and kept_from > $5) as open_count
  from (
    select sequence, visible_at, delivery, kept_from, count(*) filter (where visible_at > $2) over (order by sequence) as hidden
    from (
      select sequence, visible_at, delivery, kept_from from messages
      where queue = $1 and message_group = ${group} and sequence >= $10 order by sequence limit ${firstsMax}
    ) firsts
  ) marked`
}

/** Those of the first messages whose groups are open. */
export const claimFifo = claimWith({
  queries: `
recent as materialized (
  select ctid as at, sequence, message_group, visible_at, kept_from from messages
  where queue = $1 and sequence >= $10 order by sequence limit ${lookAhead}
),
picked as materialized (
  select recent.at from recent
  cross join lateral (${stateOf('recent.message_group')}) state
  where recent.visible_at <= $2 and recent.kept_from > $5 and not state.is_in_flight
    and (state.hidden_from is null or recent.sequence < state.hidden_from)
  order by recent.sequence limit $3
)`,
  keptFrom: '$2',
  front: '(select min(sequence)::float8 from recent)',
  looked: '(select count(*)::int from recent)',
  lastGroup: 'null',
})

/**
 * From group to group, in the order of their names, until enough is found: each step meets a group that is open, or one that is not and has
 * something in flight or delayed. $11 the group to begin after.
 */
export const claimFifoGroups = claimWith({
  queries: `recursive
walk(message_group, found, is_in_flight, hidden_from) as (
  select $11::text collate "C", 0::bigint, true, null::bigint
  union all
  select next.message_group, walk.found + case when state.is_in_flight then 0 else state.open_count end, state.is_in_flight,
    state.hidden_from
  from walk
  cross join lateral (
    select message_group from messages where queue = $1 and message_group > walk.message_group order by message_group limit 1
  ) next
  cross join lateral (${stateOf('next.message_group')}) state
  where walk.found < $3
),
picked as materialized (
  select m.at from walk
  cross join lateral (
    select ctid as at, sequence from messages
    where queue = $1 and message_group = walk.message_group and sequence >= $10 and visible_at <= $2 and kept_from > $5
      and (walk.hidden_from is null or sequence < walk.hidden_from)
    order by sequence limit $3
  ) m
  where not walk.is_in_flight
  order by m.sequence limit $3
)`,
  keptFrom: '$2',
  front: 'null',
  looked: '(select count(*)::int from walk)',
  lastGroup: '(select max(message_group) from walk)',
})
