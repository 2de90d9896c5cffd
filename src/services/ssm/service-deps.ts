import type { Clock } from '../../kernel/clock.ts'
import type { Sealer } from '../../kernel/sealer.ts'
import type { Store } from '../../store/records.ts'
import type { OperationsOf } from '../../wire/service.ts'

export interface SsmDeps {
  readonly store: Store
  readonly clock: Clock
  /** Keeps secure strings unreadable at rest. */
  readonly sealer: Sealer
}

export type SsmOperations = OperationsOf<typeof import('@aws-sdk/client-ssm')>
