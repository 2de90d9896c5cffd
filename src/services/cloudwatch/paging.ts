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
  const { MaxRecords } = input
  if (MaxRecords !== undefined && !isPageSize(MaxRecords)) {
    throw invalidValue('The parameter MaxRecords must be between 1 and 100.')
  }
  const itemsMax = MaxRecords ?? input.itemsMax
  const found = pageOf(sorted, keyOf, { nextToken: input.NextToken, itemsMax })
  if (!found) throw invalidNextToken()
  return found
}

function isPageSize(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= 100
}

export function nextToken(of: Page<unknown>): { NextToken?: string } {
  return of.nextToken === undefined ? {} : { NextToken: of.nextToken }
}
