import type { Clock } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { Sealer } from '../../kernel/sealer.ts'
import type { Store } from '../../store/records.ts'
import type { Operation, OperationsOf } from '../../wire/service.ts'

export interface KmsDeps {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  /** Keeps the keys' material unreadable at rest. */
  readonly sealer: Sealer
}

type KmsOperations = OperationsOf<typeof import('@aws-sdk/client-kms')>

export type KmsOperation<Name extends keyof KmsOperations> = Operation<KmsOperations, Name, KmsDeps>
