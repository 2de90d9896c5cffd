/**
 * Points are only appended: parts of one period stand beside each other until the sweeper merges them. `samples` is null when every
 * measurement had the value `minimum`, empty when unknown, else value, count, value, count. Times are whole seconds.
 */
export const metricPoints = `
create table metric_series (
  id bigint generated always as identity primary key,
  account text collate "C" not null,
  region text collate "C" not null,
  namespace text collate "C" not null,
  name text collate "C" not null,
  dimensions text collate "C" not null,
  active_at timestamptz not null default now(),
  unique (account, region, namespace, name, dimensions)
);
create table metric_points (
  id bigint generated always as identity,
  series bigint not null,
  at bigint not null,
  resolution integer not null,
  unit text collate "C" not null,
  count double precision not null,
  sum double precision not null,
  minimum double precision not null,
  maximum double precision not null,
  samples double precision[]
);
create index metric_points_by_series on metric_points (series, at);
create index metric_points_by_id on metric_points (id);
create index metric_points_by_age on metric_points (resolution, at);
`
