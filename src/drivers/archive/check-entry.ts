import { badBundle, type BundleEntry } from './bundle-entry.ts'

/** What was seen of a bundle so far, to hold the next entry to it. */
export class EntryChecks {
  readonly #links = new Set<string>()
  readonly #files = new Set<string>()

  /** The entry's path in the folder, without `.` and a trailing slash; empty for the folder itself. Throws what is wrong with it. */
  check(entry: BundleEntry): string {
    const path = insidePath(entry.path)
    if (entry.kind === 'device') {
      throw badBundle(`${entry.path} is neither a file, a folder nor a link`)
    }
    const parents = path.split('/').slice(0, -1)
    for (let depth = 1; depth <= parents.length; depth++) {
      const parent = parents.slice(0, depth).join('/')
      if (this.#links.has(parent)) throw badBundle(`${entry.path} lies under the link ${parent}`)
    }
    if (this.#links.has(path))
      throw badBundle(`${entry.path} comes twice, the first time as a link`)
    if (entry.kind === 'symlink') {
      if (this.#files.has(path)) throw badBundle(`${entry.path} comes twice, once as a link`)
      checkTarget(entry, path)
      this.#links.add(path)
      return path
    }
    if (entry.kind === 'hardlink') {
      const target = insidePath(entry.target)
      if (!this.#files.has(target)) {
        throw badBundle(`${entry.path} is a hard link to ${entry.target}, which is no earlier file`)
      }
    }
    if (path !== '') this.#files.add(path)
    return path
  }
}

function insidePath(path: string): string {
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) {
    throw badBundle(`${path} is an absolute path`)
  }
  if (path.includes('\\') || path.includes('\0')) {
    throw badBundle(`${JSON.stringify(path)} holds a backslash or a zero byte`)
  }
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) throw badBundle(`${path} climbs out of the bundle's folder`)
  return parts.join('/')
}

/** A link may point anywhere inside the folder. */
function checkTarget(entry: BundleEntry, path: string): void {
  const { target } = entry
  if (target === '' || target.startsWith('/') || target.includes('\0')) {
    throw badBundle(`the link ${entry.path} points out of the bundle's folder, to ${target}`)
  }
  let depth = path.split('/').length - 1
  for (const part of target.split('/')) {
    if (part === '..') depth -= 1
    else if (part !== '' && part !== '.') depth += 1
    if (depth < 0) {
      throw badBundle(`the link ${entry.path} points out of the bundle's folder, to ${target}`)
    }
  }
}
