import { pageOf, type Page } from '../../kernel/page.ts'
import { invalidNextToken, invalidValue } from './errors.ts'

/** A page of a sorted list. */
export function page<T>(
  sorted: readonly T[],
  keyOf: (item: T) => string,
  input: {
    readonly NextToken?: string | undefined
    readonly MaxRecords?: number | undefined
    readonly itemsMax: number
  },
): Page<T> {
  const itemsMax = input.MaxRecords ?? input.itemsMax
  if (!Number.isInteger(itemsMax) || itemsMax < 1 || itemsMax > 500) {
    throw invalidValue('The parameter MaxRecords must be between 1 and 100.')
  }
  const found = pageOf(sorted, keyOf, { nextToken: input.NextToken, itemsMax })
  if (!found) throw invalidNextToken()
  return found
}

export function nextToken(of: Page<unknown>): { NextToken?: string } {
  return of.nextToken === undefined ? {} : { NextToken: of.nextToken }
}
