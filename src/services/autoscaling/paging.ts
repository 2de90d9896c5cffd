import { pageOf, type Page } from '../../kernel/page.ts'
import { invalidNextToken, validationError } from './errors.ts'

interface PageInput {
  readonly NextToken?: string | undefined
  readonly MaxRecords?: number | undefined
}

/** A page of a sorted list: 50 items unless told, 100 at most. */
export function page<T>(
  sorted: readonly T[],
  keyOf: (item: T) => string,
  input: PageInput,
): Page<T> {
  const itemsMax = input.MaxRecords ?? 50
  if (!Number.isInteger(itemsMax) || itemsMax < 1 || itemsMax > 100) {
    throw validationError('MaxRecords must be between 1 and 100')
  }
  const found = pageOf(sorted, keyOf, { nextToken: input.NextToken, itemsMax })
  if (!found) throw invalidNextToken()
  return found
}

export function nextToken(of: Page<unknown>): { NextToken?: string } {
  return of.nextToken === undefined ? {} : { NextToken: of.nextToken }
}

export function byName<T>(nameOf: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => (nameOf(a) < nameOf(b) ? -1 : Number(nameOf(a) > nameOf(b)))
}
