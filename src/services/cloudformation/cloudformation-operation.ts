import type { Stacks } from '../../stacks/create-stacks.ts'
import type { Operation, OperationsOf } from '../../wire/service.ts'

/** What the face is made with. */
export interface CloudFormationDeps {
  readonly stacks: Stacks
}

export type CloudFormationOperations = OperationsOf<typeof import('@aws-sdk/client-cloudformation')>

export type CloudFormationOperation<Name extends keyof CloudFormationOperations> = Operation<
  CloudFormationOperations,
  Name,
  CloudFormationDeps
>
