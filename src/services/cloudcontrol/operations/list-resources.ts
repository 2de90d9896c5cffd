import type { CloudControlOperation } from '../cloudcontrol-operation.ts'
import { onePage } from '../paging.ts'
import { checkedType } from '../request-members.ts'

/** All of a type, whoever made them. */
export const listResources: CloudControlOperation<'ListResources'> = {
  accepts: { TypeName: true, NextToken: true, MaxResults: true },
  async handle(input, { scope }, { stacks }) {
    const TypeName = checkedType(input.TypeName)
    const all = await stacks.requests.identifiers(scope, TypeName)
    const { items, token } = onePage(all, (identifier) => identifier, input)
    const found = await stacks.requests.describeAll(scope, TypeName, items)
    return {
      TypeName,
      ResourceDescriptions: found.map(({ identifier, properties }) => ({
        Identifier: identifier,
        Properties: properties,
      })),
      ...token,
    }
  },
}
