import { empty, is } from '../../../wire/accept.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import {
  parametersOf,
  roleOf,
  sourceOf,
  tagsOf,
  targetMembers,
  watchersOf,
} from '../request-members.ts'

/** Nested stacks get no change sets of their own; the answer says so. */
export const createChangeSet: CloudFormationOperation<'CreateChangeSet'> = {
  accepts: {
    ...targetMembers,
    UsePreviousTemplate: true,
    ChangeSetName: true,
    ChangeSetType: is('CREATE', 'UPDATE'),
    ClientToken: true,
    Description: true,
    IncludeNestedStacks: true,
    ImportExistingResources: true,
    ResourcesToImport: empty,
    OnStackFailure: is('ROLLBACK'),
  },
  async handle(input, request, deps) {
    const changeSet = await deps.stacks.changeSets.create(request.scope, {
      stackNameOrId: input.StackName ?? '',
      name: input.ChangeSetName ?? '',
      type: input.ChangeSetType === 'CREATE' ? 'CREATE' : 'UPDATE',
      source: sourceOf(input, request),
      parameters: parametersOf(input.Parameters),
      tags: tagsOf(input.Tags),
      ...watchersOf(input),
      capabilities: input.Capabilities ?? [],
      roleArn: await roleOf(deps, request.scope, input.RoleARN),
      description: input.Description,
      token: input.ClientToken,
    })
    return { Id: changeSet.changeSetId, StackId: changeSet.stackId }
  },
}
