import { changeSetView, changeView, driftView } from '../change-set-view.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { watchersView } from '../request-members.ts'
import { pageReply } from '../paging.ts'
import { capabilitiesView, parametersView } from '../stack-view.ts'

export const describeChangeSet: CloudFormationOperation<'DescribeChangeSet'> = {
  accepts: {
    ChangeSetName: true,
    StackName: true,
    NextToken: true,
    IncludePropertyValues: true,
  },
  async handle(input, request, deps) {
    const { changeSets } = deps.stacks
    const found = await changeSets.need(request.scope, input.ChangeSetName ?? '', input.StackName)
    const changeSet = found.value
    const { items, token } = pageReply(
      changeSet.changes,
      ({ logicalId, action }) => `${logicalId}/${action}`,
      input.NextToken,
    )
    return {
      ...changeSetView(changeSet),
      Parameters: parametersView(changeSet),
      ...watchersView(changeSet.request),
      Capabilities: capabilitiesView(changeSet.request.capabilities),
      ...(changeSet.onStackFailure === undefined
        ? {}
        : { OnStackFailure: changeSet.onStackFailure }),
      ...driftView(changeSet),
      Tags: (changeSet.request.tags ?? []).map(({ Key, Value }) => ({ Key, Value })),
      Changes: items.map((change) => changeView(change, input.IncludePropertyValues ?? false)),
      ...token,
    }
  },
}
