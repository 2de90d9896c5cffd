import type { SourceMap, SourceNode } from './source-node.ts'
import { formatProblem } from './template-problem.ts'

/** The entries of a section, which is a map; none when it is absent. */
export function sectionOf(node: SourceNode | undefined, name: string): SourceMap['entries'] {
  if (!node || (node.kind === 'scalar' && node.value === null)) return new Map()
  if (node.kind !== 'map') throw formatProblem(`[/${name}] must be an object.`, node)
  return node.entries
}

/** AWS's wording of a quota that was passed. */
export function checkCount(noun: string, count: number, most: number): void {
  if (count > most) {
    throw formatProblem(`Number of ${noun}, ${count}, is greater than maximum allowed, ${most}`)
  }
}
