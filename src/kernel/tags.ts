export interface Tag {
  readonly Key: string
  readonly Value: string
}

/** The tags after `added` are set over `current`; keys keep their first place. */
export function withTags(current: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  const byKey = new Map(current.map((tag) => [tag.Key, tag]))
  for (const tag of added) byKey.set(tag.Key, tag)
  return [...byKey.values()]
}

/** The tags that a resource has besides those of its stack. */
export function tagsBeside<T extends Tag>(tags: readonly T[], stackTags: readonly Tag[]): T[] {
  return tags.filter(
    ({ Key, Value }) =>
      !Key.startsWith('aws:') &&
      !stackTags.some((other) => other.Key === Key && other.Value === Value),
  )
}

export function withoutTags(current: readonly Tag[], keys: readonly string[]): readonly Tag[] {
  return current.filter((tag) => !keys.includes(tag.Key))
}

/** By their keys; of a key that comes twice, the later value. */
export function tagsByKey(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
}

export function tagList(record: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(record).map(([Key, Value]) => ({ Key, Value }))
}
