import type { Identity } from '../../identity/create-identity.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { OperationsOf } from '../../wire/service.ts'

export type IamOperations = OperationsOf<typeof import('@aws-sdk/client-iam')>

export interface IamDeps {
  readonly identity: Identity
  /** ARNs of an account's balancers whose listeners, in any region, show a certificate of one of these ARNs; nobody does when absent. */
  certificateUsers?(account: string, arns: readonly string[]): Promise<readonly string[]>
}

/** What a change of IAM needs to know of who asks: where, and the token that makes it repeatable, if any. */
export interface Making {
  readonly scope: Scope
  readonly token?: string | undefined
}
