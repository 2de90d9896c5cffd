/** A template's property as text: numbers and booleans are written as they stand; undefined when it is absent. */
export function templateText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return `${value}`
  return value === undefined || value === null ? undefined : JSON.stringify(value)
}
