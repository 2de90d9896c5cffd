import { pageOf } from '../../kernel/page.ts'
import { invalidParameter } from './errors.ts'

/** AWS: up to 100 in a page of any list. */
const pageMax = 100

export function pageWith<T extends { readonly arn: string }>(
  items: readonly T[],
  nextToken: string | undefined,
): { readonly items: readonly T[]; readonly next: { readonly NextToken?: string } } {
  const sorted = items.toSorted((a, b) => (a.arn < b.arn ? -1 : 1))
  const page = pageOf(sorted, ({ arn }) => arn, { nextToken, itemsMax: pageMax })
  if (!page) throw invalidParameter('NextToken')
  const next = page.nextToken === undefined ? {} : { NextToken: page.nextToken }
  return { items: page.items, next }
}
