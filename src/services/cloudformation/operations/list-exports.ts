import { stackExports } from '../../../stacks/exports.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { pageReply } from '../paging.ts'

export const listExports: CloudFormationOperation<'ListExports'> = {
  accepts: { NextToken: true },
  async handle(input, request, deps) {
    const found = await deps.stacks.store.list(stackExports, request.scope)
    const exported = found.map(({ value }) => value)
    const { items, token } = pageReply(exported, ({ name }) => name, input.NextToken)
    return {
      Exports: items.map(({ name, value, stackId }) => ({
        ExportingStackId: stackId,
        Name: name,
        Value: value,
      })),
      ...token,
    }
  },
}
