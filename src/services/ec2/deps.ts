import type { ComputeEngine } from '../../compute/compute.ts'
import type { InstanceProfiles } from '../../identity/principal.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { NetworkEngine } from '../../network/network.ts'
import type { Store } from '../../store/records.ts'
import type { Operation, OperationsOf } from '../../wire/service.ts'

/** What EC2's operations work with. */
export interface Ec2Deps {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly network: NetworkEngine
  readonly compute: ComputeEngine
  readonly profiles: InstanceProfiles
}

export type Ec2Operations = OperationsOf<typeof import('@aws-sdk/client-ec2')>
export type Ec2Operation<Name extends keyof Ec2Operations> = Operation<Ec2Operations, Name, Ec2Deps>
