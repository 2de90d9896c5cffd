import { pageOf } from '../../kernel/page.ts'
import { invalidMarker } from './errors.ts'

const pageMax = 1000

/** One page of what is sorted by a stable key. */
export function pageBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  {
    Marker,
    Limit = 100,
  }: { readonly Marker?: string | undefined; readonly Limit?: number | undefined },
): {
  readonly items: readonly T[]
  readonly more: { readonly Truncated: boolean; readonly NextMarker?: string }
} {
  const sorted = items.toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1))
  const wish = { nextToken: Marker, itemsMax: Math.min(Limit, pageMax) }
  const page = pageOf(sorted, keyOf, wish)
  if (!page) throw invalidMarker()
  const { nextToken } = page
  const more = nextToken === undefined ? {} : { NextMarker: nextToken }
  return { items: page.items, more: { Truncated: nextToken !== undefined, ...more } }
}
