import type { CloudFormationOperation } from '../cloudformation-operation.ts'

export const executeChangeSet: CloudFormationOperation<'ExecuteChangeSet'> = {
  accepts: {
    ChangeSetName: true,
    StackName: true,
    ClientRequestToken: true,
    DisableRollback: true,
    RetainExceptOnCreate: true,
  },
  async handle(input, request, deps) {
    await deps.stacks.changeSets.execute(request.scope, {
      nameOrId: input.ChangeSetName ?? '',
      stackNameOrId: input.StackName,
      token: input.ClientRequestToken,
      doNothingOnFailure: input.DisableRollback,
      retainsExceptOnCreate: input.RetainExceptOnCreate ?? false,
    })
    return {}
  },
}
