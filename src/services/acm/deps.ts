import type { Balance } from '../../balance/create-balance.ts'
import type { Certificates } from '../../identity/certificates.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Operation, OperationsOf } from '../../wire/service.ts'

export interface AcmDeps {
  readonly certificates: Certificates
  readonly clock: Clock
  /** Knows which listeners show a certificate. */
  readonly listeners: Pick<Balance['listeners'], 'list'>
}

export type AcmOperations = OperationsOf<typeof import('@aws-sdk/client-acm')>

export type AcmOperation<Name extends keyof AcmOperations> = Operation<AcmOperations, Name, AcmDeps>
