import type { ResourceRequests } from '../../stacks/resource-requests.ts'
import type { Operation, OperationsOf } from '../../wire/service.ts'

/** What the face is made with. */
export interface CloudControlDeps {
  readonly stacks: { readonly requests: ResourceRequests }
}

export type CloudControlOperations = OperationsOf<typeof import('@aws-sdk/client-cloudcontrol')>

export type CloudControlOperation<Name extends keyof CloudControlOperations> = Operation<
  CloudControlOperations,
  Name,
  CloudControlDeps
>
