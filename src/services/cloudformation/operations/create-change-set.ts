import type { CreateChangeSetInput } from '@aws-sdk/client-cloudformation'
import type { ImportWish } from '../../../stacks/plan-import.ts'
import { is } from '../../../wire/accept.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { validationError } from '../errors.ts'
import {
  parametersOf,
  roleOf,
  sourceOf,
  tagsOf,
  targetMembers,
  watchersOf,
} from '../request-members.ts'

export const createChangeSet: CloudFormationOperation<'CreateChangeSet'> = {
  accepts: {
    ...targetMembers,
    UsePreviousTemplate: true,
    ChangeSetName: true,
    ChangeSetType: is('CREATE', 'UPDATE', 'IMPORT'),
    ClientToken: true,
    Description: true,
    IncludeNestedStacks: true,
    ImportExistingResources: true,
    ResourcesToImport: { ResourceType: true, LogicalResourceId: true, ResourceIdentifier: true },
    DeploymentMode: is('REVERT_DRIFT'),
    OnStackFailure: is('ROLLBACK', 'DELETE', 'DO_NOTHING'),
  },
  async handle(input, request, deps) {
    checkKind(input)
    const changeSet = await deps.stacks.changeSets.create(request.scope, {
      stackNameOrId: input.StackName ?? '',
      name: input.ChangeSetName ?? '',
      type: input.ChangeSetType ?? 'UPDATE',
      imports: importsOf(input),
      source: sourceOf(input, request),
      parameters: parametersOf(input.Parameters),
      tags: tagsOf(input.Tags),
      ...watchersOf(input),
      capabilities: input.Capabilities ?? [],
      roleArn: await roleOf(deps, request.scope, input.RoleARN),
      description: input.Description,
      token: input.ClientToken,
      includesNested: input.IncludeNestedStacks ?? false,
      onStackFailure: input.OnStackFailure,
      revertsDrift: input.DeploymentMode === 'REVERT_DRIFT',
    })
    return { Id: changeSet.changeSetId, StackId: changeSet.stackId }
  },
}

/** What a change set of one kind may not ask. */
function checkKind({
  ChangeSetType: type = 'UPDATE',
  IncludeNestedStacks: includesNested,
  OnStackFailure: onFailure,
  DeploymentMode: mode,
}: CreateChangeSetInput): void {
  if (type === 'IMPORT' && includesNested) {
    throw validationError('IncludeNestedStacks is not supported for changesets of type IMPORT')
  }
  if (mode !== undefined && (type !== 'UPDATE' || includesNested)) {
    throw validationError(
      `DeploymentMode ${mode} can only be specified for changesets of type UPDATE, without IncludeNestedStacks`,
    )
  }
  if (type === 'IMPORT' && onFailure !== undefined && onFailure !== 'ROLLBACK') {
    throw validationError(`OnStackFailure ${onFailure} is not for changesets of type IMPORT`)
  }
  if (onFailure === 'DELETE' && type !== 'CREATE') {
    throw validationError(
      'OnStackFailure DELETE can only be specified for changesets of type CREATE',
    )
  }
}

function importsOf({
  ChangeSetType: type,
  ResourcesToImport: given = [],
}: CreateChangeSetInput): readonly ImportWish[] {
  if (type !== 'IMPORT' && given.length > 0) {
    throw validationError('ResourcesToImport can only be specified for changesets of type IMPORT')
  }
  return given.map(({ LogicalResourceId, ResourceType, ResourceIdentifier }) => ({
    logicalId: LogicalResourceId ?? '',
    type: ResourceType ?? '',
    identifier: ResourceIdentifier ?? {},
  }))
}
