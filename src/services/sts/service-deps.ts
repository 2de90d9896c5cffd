import type { Identity } from '../../identity/create-identity.ts'
import type { OperationsOf } from '../../wire/service.ts'

export type StsOperations = OperationsOf<typeof import('@aws-sdk/client-sts')>

export interface StsDeps {
  readonly identity: Identity
}
