import type { Logs } from '../../logs/create-logs.ts'
import type { OperationsOf } from '../../wire/service.ts'

export type LogsOperations = OperationsOf<typeof import('@aws-sdk/client-cloudwatch-logs')>

export interface LogsServiceDeps {
  readonly logs: Logs
}
