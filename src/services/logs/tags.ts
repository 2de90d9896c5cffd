import { invalid } from './errors.ts'

/** Keys that begin with `aws:` are the platform's. */
export function checkedTags(
  tags: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const reserved = Object.keys(tags ?? {}).find((key) => key.toLowerCase().startsWith('aws:'))
  if (reserved !== undefined) throw invalid(`The tag key ${reserved} begins with aws:.`)
  return tags ?? {}
}

export function withoutKeys(
  tags: Readonly<Record<string, string>>,
  keys: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)))
}
