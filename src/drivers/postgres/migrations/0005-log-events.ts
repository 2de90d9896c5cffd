/**
 * Events of logs, in the order of their coming by `sequence`. `log_streams` holds what is asked of whole streams, one row written with each
 * batch of a stream; group and stream are the ids of their records, and a name that is given again is another id.
 */
export const logEvents = `
create table log_events (
  sequence bigint generated always as identity primary key,
  log_group uuid not null,
  log_stream uuid not null,
  at bigint not null,
  ingested_at bigint not null,
  message text not null
);
create index log_events_by_group on log_events (log_group, at, sequence);
create index log_events_by_stream on log_events (log_stream, at, sequence);
create table log_streams (
  id uuid primary key,
  log_group uuid not null,
  last_at bigint not null,
  ingested_at bigint not null,
  bytes bigint not null
) with (fillfactor = 70);
create index log_streams_by_group on log_streams (log_group);
`
