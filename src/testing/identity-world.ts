import { createIdentity, type Identity } from '../identity/create-identity.ts'
import { silentLog } from '../kernel/ports.ts'
import { iamService, type IamDeps } from '../services/iam/index.ts'

import type { Store } from '../store/records.ts'
import { call } from './fake-request.ts'
import { manualClock } from './manual-clock.ts'
import { memoryStore } from './memory-store.ts'
import { seededRandom } from './seeded-random.ts'

export interface IdentityWorld {
  readonly store: Store
  readonly identity: Identity
  /** Calls an operation of IAM. */
  iam<Output = Record<string, unknown>>(operation: string, input?: object): Promise<Output>
}

export const identityScope = { account: '000000000000', region: 'us-east-1' }

/** A trust policy by which machines may take the role. */
export const trustOfMachines = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Service: 'ec2.amazonaws.com' },
    Action: 'sts:AssumeRole',
  },
})

/** A policy that allows to read objects. */
export const readingPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['s3:Get*'], Resource: '*' }],
})

/** The identity engine in memory, behind IAM. */
export function identityWorld(others: Omit<IamDeps, 'identity'> = {}): IdentityWorld {
  const clock = manualClock()
  const store = memoryStore(clock)
  const identity = createIdentity(
    {
      ...{ store, clock, random: seededRandom(9), log: silentLog },
      events: { publish: () => undefined },
      wake: { wake: () => undefined },
    },
    identityScope,
  )
  const service = iamService({ ...others, identity })
  return { store, identity, iam: (operation, input = {}) => call(service, operation, input) }
}
