import type { OnFailure } from '../../../stacks/stack-records.ts'
import { is } from '../../../wire/accept.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { bothRollbackForms } from '../errors.ts'
import {
  parametersOf,
  roleOf,
  sourceOf,
  tagsOf,
  targetMembers,
  watchersOf,
} from '../request-members.ts'

export const createStack: CloudFormationOperation<'CreateStack'> = {
  accepts: {
    ...targetMembers,
    DisableRollback: true,
    OnFailure: is('ROLLBACK', 'DELETE', 'DO_NOTHING'),
    TimeoutInMinutes: true,
    ClientRequestToken: true,
    EnableTerminationProtection: true,
    RetainExceptOnCreate: true,
    StackPolicyBody: true,
  },
  async handle(input, request, deps) {
    if (input.OnFailure !== undefined && input.DisableRollback !== undefined) {
      throw bothRollbackForms()
    }
    const onFailure: OnFailure = input.DisableRollback ? 'DO_NOTHING' : 'ROLLBACK'
    const stack = await deps.stacks.operations.create(request.scope, {
      name: input.StackName ?? '',
      source: sourceOf(input, request),
      parameters: parametersOf(input.Parameters),
      tags: tagsOf(input.Tags),
      ...watchersOf(input),
      capabilities: input.Capabilities ?? [],
      roleArn: await roleOf(deps, request.scope, input.RoleARN),
      onFailure: input.OnFailure ?? onFailure,
      timeoutMinutes: input.TimeoutInMinutes,
      isProtected: input.EnableTerminationProtection ?? false,
      token: input.ClientRequestToken,
      retainsExceptOnCreate: input.RetainExceptOnCreate ?? false,
      policy: input.StackPolicyBody,
    })
    return { StackId: stack.stackId }
  },
}
