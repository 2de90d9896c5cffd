import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import {
  parametersOf,
  roleOf,
  sourceOf,
  tagsOf,
  targetMembers,
  watchersOf,
} from '../request-members.ts'

export const updateStack: CloudFormationOperation<'UpdateStack'> = {
  accepts: {
    ...targetMembers,
    UsePreviousTemplate: true,
    ClientRequestToken: true,
    DisableRollback: true,
    RetainExceptOnCreate: true,
    StackPolicyBody: true,
    StackPolicyDuringUpdateBody: true,
  },
  async handle(input, request, deps) {
    const stack = await deps.stacks.operations.update(request.scope, {
      nameOrId: input.StackName ?? '',
      source: sourceOf(input, request),
      parameters: parametersOf(input.Parameters),
      tags: tagsOf(input.Tags),
      ...watchersOf(input),
      capabilities: input.Capabilities ?? [],
      roleArn: await roleOf(deps, request.scope, input.RoleARN),
      token: input.ClientRequestToken,
      doNothingOnFailure: input.DisableRollback ?? false,
      retainsExceptOnCreate: input.RetainExceptOnCreate ?? false,
      policy: input.StackPolicyBody,
      policyDuringUpdate: input.StackPolicyDuringUpdateBody,
    })
    return { StackId: stack.stackId }
  },
}
