import { findStack } from '../../../stacks/stack-reader.ts'
import { is } from '../../../wire/accept.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { roleOf } from '../request-members.ts'

export const deleteStack: CloudFormationOperation<'DeleteStack'> = {
  accepts: {
    StackName: true,
    RetainResources: true,
    ClientRequestToken: true,
    RoleARN: true,
    DeletionMode: is('STANDARD'),
    DeploymentConfig: { Mode: is('STANDARD'), DisableRollback: is(false) },
  },
  async handle(input, request, deps) {
    await roleOf(deps, request.scope, input.RoleARN)
    const { store, operations, changeSets } = deps.stacks
    const nameOrId = input.StackName ?? ''
    const found = await findStack(store, request.scope, nameOrId)
    await operations.remove(request.scope, {
      nameOrId,
      retain: input.RetainResources ?? [],
      token: input.ClientRequestToken,
    })
    if (found) await changeSets.forgetReviewed(request.scope, found.value.uuid)
    return {}
  },
}
