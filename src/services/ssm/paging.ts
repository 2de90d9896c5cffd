import { pageOf } from '../../kernel/page.ts'
import { invalidNextToken } from './errors.ts'

/** One page by name, and the members that a reply takes from it. */
export function pageByName<T extends { readonly name: string }>(
  items: readonly T[],
  {
    NextToken,
    MaxResults = 10,
  }: { NextToken?: string | undefined; MaxResults?: number | undefined },
): { readonly items: readonly T[]; readonly token: { NextToken?: string } } {
  const sorted = items.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const page = pageOf(sorted, ({ name }) => name, { nextToken: NextToken, itemsMax: MaxResults })
  if (!page) throw invalidNextToken()
  const { nextToken } = page
  return { items: page.items, token: nextToken === undefined ? {} : { NextToken: nextToken } }
}
