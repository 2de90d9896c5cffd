import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { resourceNotFound } from '../errors.ts'
import { listResources, needStack } from '../find-stack.ts'
import { needOwnStack } from '../machine-access.ts'
import { resourceDriftView, resourceView } from '../stack-view.ts'

export const describeStackResource: CloudFormationOperation<'DescribeStackResource'> = {
  accepts: { StackName: true, LogicalResourceId: true },
  async handle(input, request, deps) {
    const stack = await needStack(
      deps,
      request.scope,
      input.StackName,
      (name) => `Stack '${name}' does not exist`,
    )
    const logicalId = input.LogicalResourceId ?? ''
    const resources = await listResources(deps, request.scope, stack)
    needOwnStack(request.machine, stack, resources)
    const record = resources.find((resource) => resource.logicalId === logicalId)
    if (!record) throw resourceNotFound(logicalId, stack.name)
    const drifts = await deps.stacks.drifts.list(request.scope, stack.uuid)
    return {
      StackResourceDetail: {
        StackName: stack.name,
        StackId: stack.stackId,
        ...resourceView(record),
        LastUpdatedTimestamp: new Date(record.at),
        ...(record.metadata === undefined ? {} : { Metadata: JSON.stringify(record.metadata) }),
        DriftInformation: resourceDriftView(drifts.get(record.logicalId)),
      },
    }
  },
}
