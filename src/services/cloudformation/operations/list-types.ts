import { pageOf } from '../../../kernel/page.ts'
import { is } from '../../../wire/accept.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { invalidNextToken } from '../errors.ts'
import { typeArn } from '../type-view.ts'

/** AWS's own page. */
const pageItems = 100

/** The resource types that are served here, all of them public; there are no private ones, modules or hooks. */
export const listTypes: CloudFormationOperation<'ListTypes'> = {
  accepts: {
    Visibility: is('PUBLIC', 'PRIVATE'),
    Type: true,
    Filters: { TypeNamePrefix: true },
    MaxResults: true,
    NextToken: true,
  },
  async handle(input, request, deps) {
    const isAsked = input.Visibility === 'PUBLIC' && (input.Type ?? 'RESOURCE') === 'RESOURCE'
    const prefix = input.Filters?.TypeNamePrefix ?? ''
    const names = (isAsked ? deps.stacks.types() : [])
      .map(({ name }) => name)
      .filter((name) => name.startsWith(prefix))
      .toSorted()
    const page = pageOf(names, (name) => name, {
      nextToken: input.NextToken,
      itemsMax: Math.min(input.MaxResults ?? pageItems, pageItems),
    })
    if (!page) throw invalidNextToken()
    return {
      TypeSummaries: page.items.map((name) => ({
        Type: 'RESOURCE',
        TypeName: name,
        TypeArn: typeArn(request.scope, name),
        IsActivated: true,
      })),
      ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }),
    }
  },
}
