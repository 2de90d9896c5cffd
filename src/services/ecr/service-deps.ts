import type { Clock } from '../../kernel/clock.ts'
import type { Store } from '../../store/records.ts'
import type { Operation, OperationsOf } from '../../wire/service.ts'

export interface EcrDeps {
  readonly store: Store
  readonly clock: Clock
}

type EcrOperations = OperationsOf<typeof import('@aws-sdk/client-ecr')>

export type EcrOperation<Name extends keyof EcrOperations> = Operation<EcrOperations, Name, EcrDeps>
