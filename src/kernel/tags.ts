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

export function withoutTags(current: readonly Tag[], keys: readonly string[]): readonly Tag[] {
  return current.filter((tag) => !keys.includes(tag.Key))
}
