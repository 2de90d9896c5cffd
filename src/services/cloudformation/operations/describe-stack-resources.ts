import { stackResources, stacks, type StackRecord } from '../../../stacks/stack-records.ts'
import type { Scope } from '../../../kernel/scope.ts'
import type { CloudFormationDeps, CloudFormationOperation } from '../cloudformation-operation.ts'
import { noStackOfResource, resourceNotFound, validationError } from '../errors.ts'
import { listResources, needStack } from '../find-stack.ts'
import { resourceDriftView, resourceView } from '../stack-view.ts'

/** AWS gives no more than this many, without paging. */
const resourcesMax = 100

export const describeStackResources: CloudFormationOperation<'DescribeStackResources'> = {
  accepts: { StackName: true, LogicalResourceId: true, PhysicalResourceId: true },
  async handle(input, request, deps) {
    const { StackName, PhysicalResourceId, LogicalResourceId } = input
    if ((StackName === undefined) === (PhysicalResourceId === undefined)) {
      throw validationError('Either StackName or PhysicalResourceId must be specified, not both.')
    }
    const stack =
      PhysicalResourceId === undefined
        ? await needStack(deps, request.scope, StackName)
        : await stackOf(deps, request.scope, PhysicalResourceId)
    const all = await listResources(deps, request.scope, stack)
    const found = all.filter(({ logicalId }) => (LogicalResourceId ?? logicalId) === logicalId)
    if (LogicalResourceId !== undefined && found.length === 0) {
      throw resourceNotFound(LogicalResourceId, stack.name)
    }
    const drifts = await deps.stacks.drifts.list(request.scope, stack.uuid)
    return {
      StackResources: found.slice(0, resourcesMax).map((record) => ({
        StackName: stack.name,
        StackId: stack.stackId,
        ...resourceView(record),
        Timestamp: new Date(record.at),
        DriftInformation: resourceDriftView(drifts.get(record.logicalId)),
      })),
    }
  },
}

async function stackOf(
  deps: CloudFormationDeps,
  scope: Scope,
  physicalId: string,
): Promise<StackRecord> {
  const records = await deps.stacks.store.list(stackResources, scope)
  const owners = records
    .filter(({ value }) => value.current.physicalId === physicalId)
    .filter(({ value }) => value.status !== 'DELETE_COMPLETE')
  for (const { owner } of owners) {
    const stack = owner ? await deps.stacks.store.find(stacks, scope, owner) : undefined
    if (stack && stack.value.deletedAt === undefined) return stack.value
  }
  throw noStackOfResource(physicalId)
}
