import { stacks } from '../../../stacks/stack-records.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { needStack } from '../find-stack.ts'
import { newestFirst, pageReply } from '../paging.ts'
import { stackView } from '../stack-view.ts'

/** Deleted stacks only by their id. */
export const describeStacks: CloudFormationOperation<'DescribeStacks'> = {
  accepts: { StackName: true, NextToken: true },
  async handle(input, request, deps) {
    if (input.StackName) {
      return { Stacks: [stackView(await needStack(deps, request.scope, input.StackName))] }
    }
    const found = await deps.stacks.store.list(stacks, request.scope)
    const living = found.map(({ value }) => value).filter(({ deletedAt }) => !deletedAt)
    const { items, token } = pageReply(
      living,
      ({ createdAt, uuid }) => newestFirst(createdAt, uuid),
      input.NextToken,
    )
    return { Stacks: items.map(stackView), ...token }
  },
}
