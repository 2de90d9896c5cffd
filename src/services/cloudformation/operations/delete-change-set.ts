import type { CloudFormationOperation } from '../cloudformation-operation.ts'

export const deleteChangeSet: CloudFormationOperation<'DeleteChangeSet'> = {
  accepts: { ChangeSetName: true, StackName: true },
  async handle(input, request, deps) {
    const { changeSets } = deps.stacks
    await changeSets.remove(request.scope, input.ChangeSetName ?? '', input.StackName)
    return {}
  },
}
