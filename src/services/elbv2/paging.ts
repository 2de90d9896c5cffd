import { pageOf } from '../../kernel/page.ts'
import { validationError } from './errors.ts'

/** ELBv2's largest page. */
const pageSizeMax = 400

/** A page of things in the order of their keys, with the marker of the next one. */
export function paged<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  input: { readonly Marker?: string | undefined; readonly PageSize?: number | undefined },
): { readonly items: readonly T[]; readonly NextMarker: string | undefined } {
  const itemsMax = input.PageSize ?? pageSizeMax
  if (itemsMax < 1 || itemsMax > pageSizeMax) {
    throw validationError(`PageSize must be between 1 and ${pageSizeMax}`)
  }
  const sorted = items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const page = pageOf(sorted, keyOf, { nextToken: input.Marker || undefined, itemsMax })
  if (page === undefined) throw validationError(`The marker '${input.Marker}' is not valid`)
  return { items: page.items, NextMarker: page.nextToken }
}
