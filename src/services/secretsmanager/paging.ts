import { pageOf } from '../../kernel/page.ts'
import { invalidNextToken } from './errors.ts'

interface Asked {
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
}

const pageMax = 100

/** One page of a list that is sorted by a stable key. Throws for a token that is not ours. */
export function pageBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { NextToken, MaxResults = pageMax }: Asked,
): { readonly items: readonly T[]; readonly token: { NextToken?: string } } {
  const sorted = items.toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1))
  const page = pageOf(sorted, keyOf, {
    nextToken: NextToken,
    itemsMax: Math.min(MaxResults, pageMax),
  })
  if (!page) throw invalidNextToken()
  const { nextToken } = page
  return { items: page.items, token: nextToken === undefined ? {} : { NextToken: nextToken } }
}
