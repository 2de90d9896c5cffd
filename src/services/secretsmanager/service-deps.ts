import type { Clock } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { Sealer } from '../../kernel/sealer.ts'
import type { Store } from '../../store/records.ts'
import type { Operation, OperationsOf } from '../../wire/service.ts'

export interface SecretsDeps {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly sealer: Sealer
}

type SecretsOperations = OperationsOf<typeof import('@aws-sdk/client-secrets-manager')>

export type SecretsOperation<Name extends keyof SecretsOperations> = Operation<
  SecretsOperations,
  Name,
  SecretsDeps
>
