import { pageOf } from '../../../kernel/page.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { driftView } from '../drift-view.ts'
import { invalidNextToken } from '../errors.ts'
import { needStack } from '../find-stack.ts'

/** AWS's own page. */
const pageItems = 100

/** What was seen of the stack's resources last. As on AWS, those that cannot be checked are left out. */
export const describeStackResourceDrifts: CloudFormationOperation<'DescribeStackResourceDrifts'> = {
  accepts: {
    StackName: true,
    StackResourceDriftStatusFilters: true,
    NextToken: true,
    MaxResults: true,
  },
  async handle(input, request, deps) {
    const stack = await needStack(deps, request.scope, input.StackName)
    const drifts = await deps.stacks.drifts.list(request.scope, stack.uuid)
    const filters: readonly string[] = input.StackResourceDriftStatusFilters ?? []
    const wanted = [...drifts.values()].filter(
      ({ status }) =>
        status !== 'NOT_CHECKED' && (filters.length === 0 || filters.includes(status)),
    )
    const page = pageOf(wanted, ({ logicalId }) => logicalId, {
      nextToken: input.NextToken,
      itemsMax: Math.min(input.MaxResults ?? pageItems, pageItems),
    })
    if (!page) throw invalidNextToken()
    return {
      StackResourceDrifts: page.items.map((drift) => driftView(stack, drift)),
      ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }),
    }
  },
}
