import { changeSetView } from '../change-set-view.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { needStack } from '../find-stack.ts'
import { newestFirst, pageReply } from '../paging.ts'

export const listChangeSets: CloudFormationOperation<'ListChangeSets'> = {
  accepts: { StackName: true, NextToken: true },
  async handle(input, request, deps) {
    const stack = await needStack(
      deps,
      request.scope,
      input.StackName,
      (name) => `Stack [${name}] does not exist`,
    )
    const changeSets = await deps.stacks.changeSets.list(request.scope, stack.uuid)
    const { items, token } = pageReply(
      changeSets,
      ({ createdAt, uuid }) => newestFirst(createdAt, uuid),
      input.NextToken,
    )
    return { Summaries: items.map(changeSetView), ...token }
  },
}
