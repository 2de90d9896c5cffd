import { pageOf } from '../../kernel/page.ts'
import { invalidNextToken } from './errors.ts'

/** AWS pages these lists by a megabyte of text; so many of our items are less than that. */
const pageItems = 100

/** One page of a list in the order that `keyOf` sorts, and the members that a reply takes from it. */
export function pageReply<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  nextToken: string | undefined,
): { readonly items: readonly T[]; readonly token: { NextToken?: string } } {
  const sorted = items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const page = pageOf(sorted, keyOf, { nextToken, itemsMax: pageItems })
  if (!page) throw invalidNextToken()
  return {
    items: page.items,
    token: page.nextToken === undefined ? {} : { NextToken: page.nextToken },
  }
}

/** A key that sorts the latest first. */
export function newestFirst(at: number, id: string): string {
  return `${String(Number.MAX_SAFE_INTEGER - at).padStart(16, '0')}/${id}`
}
