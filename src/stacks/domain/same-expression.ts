import type { Expression } from './expression.ts'

/** Whether two expressions say the same, wherever they were written. */
export function sameExpression(
  left: Expression | undefined,
  right: Expression | undefined,
): boolean {
  return JSON.stringify(left, plain) === JSON.stringify(right, plain)
}

function plain(key: string, value: unknown): unknown {
  if (key === 'at') return undefined
  if (value instanceof Map) {
    return [...value].toSorted(([a], [b]) => String(a).localeCompare(String(b), 'en'))
  }
  return value
}
