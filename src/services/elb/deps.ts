import type { Balance } from '../../balance/create-balance.ts'
import type { Network } from '../../network/interfaces.ts'
import type { Store } from '../../store/records.ts'
import type { Operation, OperationsOf } from '../../wire/service.ts'

export interface ElbDeps {
  readonly balance: Pick<Balance, 'classics' | 'classicRegistry' | 'balancers' | 'accessLogs'>
  readonly network: Network
  /** Holds the certificates. */
  readonly store: Store
}

export type ElbOperations = OperationsOf<typeof import('@aws-sdk/client-elastic-load-balancing')>

export type ElbOperation<Name extends keyof ElbOperations> = Operation<ElbOperations, Name, ElbDeps>
