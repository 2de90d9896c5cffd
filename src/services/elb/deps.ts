import type { Balance } from '../../balance/create-balance.ts'
import type { Certificates } from '../../identity/certificates.ts'
import type { Network } from '../../network/interfaces.ts'
import type { Operation, OperationsOf } from '../../wire/service.ts'

export interface ElbDeps {
  readonly balance: Pick<Balance, 'classics' | 'classicRegistry' | 'balancers' | 'accessLogs'>
  readonly network: Network
  readonly certificates: Pick<Certificates, 'find'>
}

export type ElbOperations = OperationsOf<typeof import('@aws-sdk/client-elastic-load-balancing')>

export type ElbOperation<Name extends keyof ElbOperations> = Operation<ElbOperations, Name, ElbDeps>
