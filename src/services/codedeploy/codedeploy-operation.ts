import type { Deploy } from '../../deploy/create-deploy.ts'
import type { Operation, OperationsOf } from '../../wire/service.ts'

/** What the face is made with. */
export interface CodeDeployDeps {
  readonly deploy: Deploy
}

export type CodeDeployOperations = OperationsOf<typeof import('@aws-sdk/client-codedeploy')>

export type CodeDeployOperation<Name extends keyof CodeDeployOperations> = Operation<
  CodeDeployOperations,
  Name,
  CodeDeployDeps
>
