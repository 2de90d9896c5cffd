import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { listResources, needStack } from '../find-stack.ts'
import { pageReply } from '../paging.ts'
import { resourceDriftView, resourceView } from '../stack-view.ts'

export const listStackResources: CloudFormationOperation<'ListStackResources'> = {
  accepts: { StackName: true, NextToken: true },
  async handle(input, request, deps) {
    const stack = await needStack(deps, request.scope, input.StackName)
    const resources = await listResources(deps, request.scope, stack)
    const { items, token } = pageReply(resources, ({ logicalId }) => logicalId, input.NextToken)
    const drifts = await deps.stacks.drifts.list(request.scope, stack.uuid)
    return {
      StackResourceSummaries: items.map((record) => ({
        ...resourceView(record),
        LastUpdatedTimestamp: new Date(record.at),
        DriftInformation: resourceDriftView(drifts.get(record.logicalId)),
      })),
      ...token,
    }
  },
}
