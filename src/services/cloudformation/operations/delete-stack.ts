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
    await deps.stacks.operations.remove(request.scope, {
      nameOrId: input.StackName ?? '',
      retain: input.RetainResources ?? [],
      token: input.ClientRequestToken,
    })
    return {}
  },
}
