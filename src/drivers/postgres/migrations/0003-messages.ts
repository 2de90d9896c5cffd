/**
 * Messages of queues. Each commit adds one row per queue to `message_counts`, so that no row is hot and the size of a queue is a sum,
 * never a scan; `postgres-messages` folds the rows now and then.
 */
export const messages = `
create sequence message_sequence;
create table messages (
  queue bigint not null,
  sequence bigint not null default nextval('message_sequence'),
  id uuid not null,
  visible_at bigint not null,
  claimed_at bigint not null default 0,
  kept_from bigint not null,
  enqueued_at bigint not null,
  sent_at bigint not null,
  first_received_at bigint not null default 0,
  delivery int not null default 0,
  earlier_receives int not null default 0,
  message_group text collate "C",
  deduplication_id text,
  attempt text collate "C",
  source_arn text collate "C",
  sender text not null,
  trace text,
  attributes text,
  body text not null,
  primary key (queue, sequence)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
create index messages_by_visibility on messages (queue, visible_at, sequence);
create index messages_by_attempt on messages (queue, attempt) where attempt is not null;
create index dead_letters_by_age on messages (queue, kept_from) where source_arn is not null;
create table message_marks (
  queue bigint not null,
  key text collate "C" not null,
  id uuid not null,
  sequence bigint not null,
  until bigint not null,
  primary key (queue, key)
);
create index message_marks_by_end on message_marks (until);
create table message_counts (queue bigint not null, delta bigint not null);
create index message_counts_by_queue on message_counts (queue);
create function count_added_messages() returns trigger language plpgsql as $$
begin
  insert into message_counts select queue, count(*) from added group by queue;
  return null;
end $$;
create function count_gone_messages() returns trigger language plpgsql as $$
begin
  insert into message_counts select queue, -count(*) from gone group by queue;
  return null;
end $$;
create trigger count_added after insert on messages referencing new table as added
  for each statement execute function count_added_messages();
create trigger count_gone after delete on messages referencing old table as gone
  for each statement execute function count_gone_messages();
`
