import { is } from '../../../wire/accept.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'

export const deleteStack: CloudFormationOperation<'DeleteStack'> = {
  accepts: {
    StackName: true,
    RetainResources: true,
    ClientRequestToken: true,
    DeletionMode: is('STANDARD'),
  },
  async handle(input, request, deps) {
    await deps.stacks.operations.remove(request.scope, {
      nameOrId: input.StackName ?? '',
      retain: input.RetainResources ?? [],
      token: input.ClientRequestToken,
    })
    return {}
  },
}
