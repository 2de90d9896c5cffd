import { pageOf } from '../../kernel/page.ts'
import { invalid } from './errors.ts'

const pageMax = 100

export function pageWith<T>(
  sorted: readonly T[],
  keyOf: (item: T) => string,
  asked: { readonly NextToken?: string | undefined; readonly Limit?: number | undefined },
): { readonly items: readonly T[]; readonly next: { readonly NextToken?: string } } {
  const itemsMax = asked.Limit ?? pageMax
  if (itemsMax < 1 || itemsMax > pageMax) throw invalid('Parameter Limit must be from 1 to 100.')
  const page = pageOf(sorted, keyOf, { nextToken: asked.NextToken, itemsMax })
  if (!page) throw invalid('Parameter NextToken is not valid.')
  return {
    items: page.items,
    next: page.nextToken === undefined ? {} : { NextToken: page.nextToken },
  }
}
