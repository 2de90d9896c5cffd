import type { Queues } from '../../queue/create-queues.ts'
import type { OperationsOf } from '../../wire/service.ts'

export type SqsOperations = OperationsOf<typeof import('@aws-sdk/client-sqs')>

export interface SqsDeps {
  readonly queues: Queues
  /** `127.0.0.1:4566`: the host of queue URLs where no request names one, in templates. */
  readonly endpointHost: string
}
