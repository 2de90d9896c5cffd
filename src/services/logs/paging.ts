import { openToken, sealToken } from '../../kernel/page.ts'
import { invalid } from './errors.ts'
import { unfit } from '../../logs/refusal.ts'

export interface PageAsked {
  readonly nextToken?: string | undefined
  readonly limit?: number | undefined
}

export interface NextToken {
  readonly nextToken?: string
}

/** How many are asked for; at most, and unless told otherwise, `most`. */
export function limitOf(limit: number | undefined, most: number): number {
  if (limit === undefined) return most
  if (!Number.isInteger(limit) || limit < 1) {
    throw unfit('limit', limit, 'Member must have value greater than or equal to 1')
  }
  if (limit > most) {
    throw unfit('limit', limit, `Member must have value less than or equal to ${most}`)
  }
  return limit
}

/** The key after which a page begins. */
export function afterOf({ nextToken }: PageAsked): string | undefined {
  if (nextToken === undefined) return undefined
  const after = openToken(nextToken)
  if (after === undefined) throw invalid('The specified nextToken is invalid.')
  return after
}

/** A page of a list that is sorted by the key, or against it. */
export function pageWith<T>(
  sorted: readonly T[],
  keyOf: (item: T) => string,
  asked: PageAsked & { readonly most: number; readonly isDescending?: boolean },
): { readonly items: readonly T[]; readonly next: NextToken } {
  const itemsMax = limitOf(asked.limit, asked.most)
  const after = afterOf(asked)
  const isBeyond = (key: string): boolean =>
    after === undefined || (asked.isDescending ? key < after : key > after)
  const rest = sorted.filter((item) => isBeyond(keyOf(item)))
  const items = rest.slice(0, itemsMax)
  const last = items.at(-1)
  const hasMore = rest.length > items.length && last !== undefined
  return { items, next: hasMore ? { nextToken: sealToken(keyOf(last)) } : {} }
}
