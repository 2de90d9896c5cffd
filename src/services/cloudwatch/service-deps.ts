import type { Metrics } from '../../metrics/metrics.ts'
import type { OperationsOf } from '../../wire/service.ts'

export type CloudWatchOperations = OperationsOf<typeof import('@aws-sdk/client-cloudwatch')>

export interface CloudWatchDeps {
  readonly metrics: Metrics
}
