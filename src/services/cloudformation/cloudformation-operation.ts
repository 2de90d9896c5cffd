import type { Scope } from '../../kernel/scope.ts'
import type { Stacks } from '../../stacks/create-stacks.ts'
import type { Operation, OperationsOf } from '../../wire/service.ts'

/** What the face is made with. */
export interface CloudFormationDeps {
  readonly stacks: Stacks
  /** Whether the role exists and its trust policy names CloudFormation. */
  takesRole(scope: Scope, roleArn: string): Promise<boolean>
}

/** What the resource types are made with. */
export interface CloudFormationTypeDeps extends Pick<CloudFormationDeps, 'stacks'> {
  /** Where machines reach the endpoint: `http://169.254.169.254:4566`. */
  readonly insideEndpoint: string
}

export type CloudFormationOperations = OperationsOf<typeof import('@aws-sdk/client-cloudformation')>

export type CloudFormationOperation<Name extends keyof CloudFormationOperations> = Operation<
  CloudFormationOperations,
  Name,
  CloudFormationDeps
>
