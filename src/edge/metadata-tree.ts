/**
 * Instance metadata as a tree of paths: leaves are texts, directories list their children, a directory's name with a slash. Paths are without a
 * leading slash and without the version, `meta-data/placement/region`.
 */
export type MetadataLeaves = Readonly<Record<string, string>>

/** A leaf's text, a directory's listing, or undefined. */
export function readMetadata(leaves: MetadataLeaves, path: string): string | undefined {
  const plain = path.replace(/\/+$/, '')
  if (Object.hasOwn(leaves, plain)) return leaves[plain]
  const prefix = plain === '' ? '' : `${plain}/`
  const children = new Set<string>()
  for (const leaf of Object.keys(leaves)) {
    if (!leaf.startsWith(prefix)) continue
    const rest = leaf.slice(prefix.length)
    const slash = rest.indexOf('/')
    children.add(slash < 0 ? rest : rest.slice(0, slash + 1))
  }
  // What is a leaf and a directory at once is listed as the directory.
  for (const child of children) if (child.endsWith('/')) children.delete(child.slice(0, -1))
  return children.size === 0 ? undefined : [...children].toSorted().join('\n')
}
