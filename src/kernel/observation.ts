/**
 * What we know of a thing in the world. What is not seen is unknown, not dead: a destructive step needs an inventory
 * that says `absent`, never one that could not be read.
 */
export type Observation<T> =
  | { readonly state: 'present'; readonly value: T }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly reason: string }

export const absent = { state: 'absent' } as const

export function seen<T>(value: T): Observation<T> {
  return { state: 'present', value }
}

export function unknown(reason: string): Observation<never> {
  return { state: 'unknown', reason }
}
