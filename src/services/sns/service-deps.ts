import type { Topics } from '../../topics/create-topics.ts'
import type { OperationsOf } from '../../wire/service.ts'

export type SnsOperations = OperationsOf<typeof import('@aws-sdk/client-sns')>

export interface SnsDeps {
  readonly topics: Topics
}
