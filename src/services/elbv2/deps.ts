import type { Balance } from '../../balance/create-balance.ts'
import type { Network } from '../../network/interfaces.ts'
import type { Operation, OperationsOf } from '../../wire/service.ts'

export interface Elbv2Deps {
  readonly balance: Balance
  readonly network: Network
}

export type Elbv2Operations = OperationsOf<
  typeof import('@aws-sdk/client-elastic-load-balancing-v2')
>

export type Elbv2Operation<Name extends keyof Elbv2Operations> = Operation<
  Elbv2Operations,
  Name,
  Elbv2Deps
>
