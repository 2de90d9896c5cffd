import type { Operation } from '../../../wire/service.ts'
import { pointOfDatum } from '../datum-points.ts'
import { invalidValue, missingParameter } from '../errors.ts'
import { checkNamespace } from '../metric-names.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

const dataMax = 1000

export const putMetricData: Operation<CloudWatchOperations, 'PutMetricData', CloudWatchDeps> = {
  accepts: {
    Namespace: true,
    MetricData: {
      MetricName: true,
      Dimensions: { Name: true, Value: true },
      Timestamp: true,
      Value: true,
      Values: true,
      Counts: true,
      StatisticValues: { SampleCount: true, Sum: true, Minimum: true, Maximum: true },
      Unit: true,
      StorageResolution: true,
    },
  },
  async handle(input, request, { metrics }) {
    const namespace = checkNamespace(input.Namespace)
    if (namespace.startsWith('AWS/')) {
      throw invalidValue(`The value ${namespace} for parameter Namespace is invalid.`)
    }
    const data = input.MetricData ?? []
    if (data.length === 0) throw missingParameter('MetricData')
    if (data.length > dataMax) {
      throw invalidValue(`The collection MetricData must not have a size greater than ${dataMax}.`)
    }
    const at = { scope: request.scope, namespace, now: metrics.context.clock.now() }
    const points = data.map((datum, index) =>
      pointOfDatum(datum, { ...at, path: `MetricData.member.${index + 1}` }),
    )
    await metrics.put(points)
    return {}
  },
}
