import type { MetricDataQuery, StandardUnit } from '@aws-sdk/client-cloudwatch'
import { faultOf } from '../../metrics/domain/math/evaluate-queries.ts'
import type { MetricQuery, MetricStat } from '../../metrics/domain/metric-query.ts'
import { parseStatistic } from '../../metrics/domain/statistic.ts'
import { dimensionList, dimensionMap } from './dimensions.ts'
import { missingParameter, validationError } from './errors.ts'
import { checkName, checkNamespace, checkUnit } from './metric-names.ts'

/** Which members of a query are honoured. */
export const acceptedQuery = {
  Id: true,
  MetricStat: {
    Metric: { Namespace: true, MetricName: true, Dimensions: { Name: true, Value: true } },
    Period: true,
    Stat: true,
    Unit: true,
  },
  Expression: true,
  Label: true,
  ReturnData: true,
  Period: true,
} as const

/** Queries as the engine takes them, checked. `path` (`MetricDataQueries`) names them in errors. */
export function metricQueries(
  list: readonly MetricDataQuery[],
  path: string,
  checkPeriod: (period: number | undefined, path: string) => number,
): readonly MetricQuery[] {
  const queries = list.map((query, index): MetricQuery => {
    const at = `${path}.member.${index + 1}`
    const { Id, MetricStat, Expression, Label, ReturnData, Period } = query
    if (!Id) throw missingParameter(`${at}.Id`)
    if ((MetricStat === undefined) === (Expression === undefined)) {
      throw validationError(`${at} must have either MetricStat or Expression, and not both`)
    }
    if (Label?.includes('${')) {
      throw validationError(
        `The value ${Label} for ${at}.Label is not supported here: labels are plain text`,
      )
    }
    return {
      id: Id,
      returnsData: ReturnData ?? true,
      ...(Label === undefined ? {} : { label: Label }),
      ...(Expression === undefined ? {} : { expression: Expression }),
      ...(Period === undefined ? {} : { periodSeconds: checkPeriod(Period, `${at}.Period`) }),
      ...(MetricStat === undefined
        ? {}
        : { stat: statOf(MetricStat, `${at}.MetricStat`, checkPeriod) }),
    }
  })
  const fault = faultOf(queries)
  if (fault !== undefined) throw validationError(fault)
  return queries
}

function statOf(
  { Metric, Period, Stat, Unit }: NonNullable<MetricDataQuery['MetricStat']>,
  path: string,
  checkPeriod: (period: number | undefined, path: string) => number,
): MetricStat {
  if (Metric === undefined) throw missingParameter(`${path}.Metric`)
  if (!Stat) throw missingParameter(`${path}.Stat`)
  if (parseStatistic(Stat) === undefined) {
    throw validationError(`The value ${Stat} for parameter ${path}.Stat is not supported.`)
  }
  return {
    namespace: checkNamespace(Metric.Namespace, `${path}.Metric.Namespace`),
    name: checkName(Metric.MetricName, `${path}.Metric.MetricName`),
    dimensions: dimensionMap(Metric.Dimensions, `${path}.Metric.Dimensions`),
    periodSeconds: checkPeriod(Period, `${path}.Period`),
    statistic: Stat,
    ...(Unit === undefined ? {} : { unit: checkUnit(Unit, `${path}.Unit`) }),
  }
}

export function metricQueryShape(query: MetricQuery): MetricDataQuery {
  const { stat, expression, label, periodSeconds } = query
  return {
    Id: query.id,
    ...(label === undefined ? {} : { Label: label }),
    ...(expression === undefined ? {} : { Expression: expression }),
    ...(periodSeconds === undefined ? {} : { Period: periodSeconds }),
    ReturnData: query.returnsData,
    ...(stat === undefined
      ? {}
      : {
          MetricStat: {
            Metric: {
              Namespace: stat.namespace,
              MetricName: stat.name,
              Dimensions: dimensionList(stat.dimensions),
            },
            Period: stat.periodSeconds,
            Stat: stat.statistic,
            ...(stat.unit === undefined ? {} : { Unit: stat.unit as StandardUnit }),
          },
        }),
  }
}
