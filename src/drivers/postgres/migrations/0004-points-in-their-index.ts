/**
 * Points of a hundred series lie among each other as they came, so that a week of one series is spread over as many pages as it has points.
 * The index by series holds all that plain statistics need, side by side, and what percentiles need of points with one value; only those
 * with several are fetched, by an index of their own.
 */
export const pointsInTheirIndex = `
drop index metric_points_by_series;
create index metric_points_by_series on metric_points (series, at) include (resolution, unit, count, sum, minimum, maximum);
create index metric_points_with_samples on metric_points (series, at) where minimum <> maximum;
alter table metric_points set (autovacuum_vacuum_insert_scale_factor = 0.02);
`
