import type { Filter } from '@aws-sdk/client-ec2'
import { matchesWildcards } from '../../kernel/matches-wildcards.ts'
import type { Tag } from '../../kernel/tags.ts'
import { pageOf } from '../../kernel/page.ts'
import { invalidFilter, invalidNextToken } from './errors.ts'

/** For each filter name, the values that an item has of it. */
export type FilterFields<T> = Readonly<
  Record<string, (item: T) => string | readonly string[] | undefined>
>

/**
 * The items that every filter lets through; a filter lets through what has one of its values (`*` and `?` are wild).
 * `tag:KEY`, `tag-key` and `tag-value` hold for everything with tags; an unknown name is refused.
 */
export function filtered<T extends { readonly tags: readonly Tag[] }>(
  items: readonly T[],
  filters: readonly Filter[] | undefined,
  fields: FilterFields<T>,
): readonly T[] {
  const tests = (filters ?? []).map(({ Name: name = '', Values: values = [] }) => {
    const read = fieldOf(name, fields)
    return (item: T) =>
      [read(item) ?? []]
        .flat()
        .some((value) => values.some((pattern) => matchesWildcards(pattern, value)))
  })
  return items.filter((item) => tests.every((test) => test(item)))
}

function fieldOf<T extends { readonly tags: readonly Tag[] }>(
  name: string,
  fields: FilterFields<T>,
): (item: T) => string | readonly string[] | undefined {
  if (name.startsWith('tag:')) {
    const key = name.slice('tag:'.length)
    return (item) => item.tags.filter((tag) => tag.Key === key).map((tag) => tag.Value)
  }
  if (name === 'tag-key') return (item) => item.tags.map((tag) => tag.Key)
  if (name === 'tag-value') return (item) => item.tags.map((tag) => tag.Value)
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (!field) throw invalidFilter(name)
  return field
}

/** Filters of EC2's that nothing here can meet: they find nothing. */
export function metByNothing<Name extends string>(
  ...names: readonly Name[]
): Readonly<Record<Name, () => undefined>> {
  return Object.fromEntries(names.map((name) => [name, () => undefined])) as Record<
    Name,
    () => undefined
  >
}

/** EC2 gives at most a thousand at once. */
const pageMax = 1000

/** One page of a list in order of `keyOf`, and the token for the next one. */
export function paged<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  request: { NextToken?: string | undefined; MaxResults?: number | undefined },
): { readonly items: T[]; readonly NextToken?: string } {
  const sorted = items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const page = pageOf(sorted, keyOf, {
    nextToken: request.NextToken || undefined,
    itemsMax: Math.min(request.MaxResults ?? pageMax, pageMax),
  })
  if (!page) throw invalidNextToken()
  const { nextToken } = page
  return { items: [...page.items], ...(nextToken !== undefined && { NextToken: nextToken }) }
}

/** The items that were asked for by id, in which case each of them must be there; all without ids. */
export function chosen<T>(
  items: readonly T[],
  ids: readonly string[] | undefined,
  at: { idOf(item: T): string; missing(id: string): Error },
): readonly T[] {
  if (!ids || ids.length === 0) return items
  const byId = new Map(items.map((item) => [at.idOf(item), item]))
  return [...new Set(ids)].map((id) => {
    const item = byId.get(id)
    if (item === undefined) throw at.missing(id)
    return item
  })
}
