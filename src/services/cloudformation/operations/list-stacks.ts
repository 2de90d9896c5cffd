import { stacks } from '../../../stacks/stack-records.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { newestFirst, pageReply } from '../paging.ts'
import { summaryView } from '../stack-view.ts'

/** Deleted stacks too. */
export const listStacks: CloudFormationOperation<'ListStacks'> = {
  accepts: { NextToken: true, StackStatusFilter: true },
  async handle(input, request, deps) {
    const found = await deps.stacks.store.list(stacks, request.scope)
    const filter: readonly string[] = input.StackStatusFilter ?? []
    const wanted = found
      .map(({ value }) => value)
      .filter(({ status }) => filter.length === 0 || filter.includes(status))
    const { items, token } = pageReply(
      wanted,
      ({ createdAt, uuid }) => newestFirst(createdAt, uuid),
      input.NextToken,
    )
    return { StackSummaries: items.map(summaryView), ...token }
  },
}
