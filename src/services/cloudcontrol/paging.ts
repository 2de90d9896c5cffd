import { pageOf } from '../../kernel/page.ts'
import { constraintViolated, invalidNextToken } from './errors.ts'

interface Paged {
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
}

/** AWS gives 20 unless asked for more, and 100 at most. */
const itemsUsual = 20
const itemsMost = 100

/** One page of a list that is sorted by `keyOf`, and the members that a reply takes from it. */
export function onePage<T>(
  sorted: readonly T[],
  keyOf: (item: T) => string,
  { NextToken, MaxResults = itemsUsual }: Paged,
): { readonly items: readonly T[]; readonly token: { NextToken?: string } } {
  if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > itemsMost) {
    const constraint = `Member must be between 1 and ${itemsMost}`
    throw constraintViolated('maxResults', MaxResults, constraint)
  }
  const page = pageOf(sorted, keyOf, { nextToken: NextToken, itemsMax: MaxResults })
  if (!page) throw invalidNextToken()
  const { nextToken } = page
  return { items: page.items, token: nextToken === undefined ? {} : { NextToken: nextToken } }
}
