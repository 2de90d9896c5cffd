import type { Rules } from '../../rules/create-rules.ts'
import type { OperationsOf } from '../../wire/service.ts'

export type EventsOperations = OperationsOf<typeof import('@aws-sdk/client-eventbridge')>

export interface EventsDeps {
  readonly rules: Rules
}
