/** What a scaffold writes: new files, and lines put into files that are there. Nothing is written when anything of it is impossible. */
export interface ScaffoldPlan {
  readonly files: ReadonlyMap<string, string>
  /** What the person does next, in order. */
  readonly next: readonly string[]
}

/** Reads a file of the tree by its path from the root; undefined when there is none. */
export type ReadTree = (path: string) => string | undefined

/** What was asked for cannot be made; the message says why and names what to do instead. */
export class ScaffoldError extends Error {
  override readonly name = 'ScaffoldError'
}

/** The text with `line` put before the first line after `from` that sorts after it, among the lines that `isPeer` knows. */
export function insertSorted(
  text: string,
  line: string,
  isPeer: (candidate: string) => boolean,
): string {
  const lines = text.split('\n')
  const peers = lines.flatMap((candidate, index) => (isPeer(candidate) ? [index] : []))
  const after = peers.find((index) => (lines[index] ?? '').trim() > line.trim())
  const last = peers.at(-1)
  if (last === undefined) throw new ScaffoldError(`there is no place for: ${line.trim()}`)
  lines.splice(after ?? last + 1, 0, line)
  return lines.join('\n')
}
