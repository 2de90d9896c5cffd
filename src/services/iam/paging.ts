import { pageOf } from '../../kernel/page.ts'
import { validationError } from './errors.ts'

export interface PageInput {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface MarkedPage<T> {
  readonly items: readonly T[]
  /** The members that every answer with pages has. */
  readonly mark: { IsTruncated: boolean; Marker?: string }
}

/** A page of a list sorted by `keyOf`: 100 items unless told, 1000 at most. */
export function page<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  input: PageInput,
): MarkedPage<T> {
  const itemsMax = input.MaxItems ?? 100
  if (!Number.isInteger(itemsMax) || itemsMax < 1 || itemsMax > 1000) {
    throw validationError('MaxItems must be between 1 and 1000')
  }
  const sorted = [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : Number(keyOf(a) > keyOf(b))))
  const found = pageOf(sorted, keyOf, { nextToken: input.Marker, itemsMax })
  if (!found) throw validationError('Invalid Marker.')
  const { nextToken } = found
  return {
    items: found.items,
    mark: { IsTruncated: nextToken !== undefined, ...(nextToken ? { Marker: nextToken } : {}) },
  }
}

/** A page over things of several kinds, one kind after the other; only those of `Filter` when it names any. */
export function pageOfKinds<Kinds extends Record<string, readonly { readonly arn: string }[]>>(
  kinds: Kinds,
  input: PageInput & { readonly Filter?: readonly string[] | undefined },
): { readonly items: Kinds } & Pick<MarkedPage<unknown>, 'mark'> {
  const { Filter = [] } = input
  const unknown = Filter.find((kind) => !Object.hasOwn(kinds, kind))
  if (unknown !== undefined) {
    throw validationError(`Filter is one of ${Object.keys(kinds).join(', ')}, not ${unknown}`)
  }
  const all = Object.entries(kinds)
    .filter(([kind]) => Filter.length === 0 || Filter.includes(kind))
    .flatMap(([kind, items]) => items.map((item) => ({ kind, item })))
  const { items, mark } = page(all, ({ kind, item }) => `${kind} ${item.arn}`, input)
  const kept = new Set(items.map(({ item }) => item))
  const chosen = Object.entries(kinds).map(([kind, held]) => [
    kind,
    held.filter((item) => kept.has(item)),
  ])
  return { items: Object.fromEntries(chosen) as Kinds, mark }
}
