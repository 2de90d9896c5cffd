import type { Properties } from '../../stacks/resource-type.ts'

/** A property that is text, where it is given. */
export function textOf(properties: Properties, name: string): string | undefined {
  const value = properties[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
