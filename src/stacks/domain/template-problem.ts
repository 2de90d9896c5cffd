import type { SourceNode } from './source-node.ts'

/** What is wrong with a template or its parameters, in AWS's words where AWS has a fixed text: the caller's ValidationError. */
export class TemplateProblem extends Error {
  override readonly name = 'TemplateProblem'
  /** What a person has to look at, where the template says it. */
  readonly at: SourceNode | undefined

  constructor(message: string, at?: SourceNode) {
    super(message)
    this.at = at
  }
}

/** `at` gives the line that a person has to look at; 0 where lines are not known. */
export function problem(message: string, at?: SourceNode): TemplateProblem {
  return new TemplateProblem(at && at.line > 0 ? `${message} (line ${at.line})` : message, at)
}

/** The same problem with its path (`[/Resources/Web/Properties/Port]`) before the line, unless its words have one already. */
export function located(thrown: unknown, root: SourceNode | undefined): unknown {
  if (!(thrown instanceof TemplateProblem) || !root || thrown.message.includes('[/')) return thrown
  const path = thrown.at && pathTo(root, thrown.at)
  if (path === undefined || path === '') return thrown
  const [, words = '', line = ''] = /^(.*?)( \(line \d+\))?$/s.exec(thrown.message) ?? []
  return new TemplateProblem(`${words} [${path}]${line}`, thrown.at)
}

/** Undefined where the node is not of the tree: loops that were written out have nodes of their own. */
function pathTo(root: SourceNode, wanted: SourceNode): string | undefined {
  const waiting: { readonly node: SourceNode; readonly path: string }[] = [{ node: root, path: '' }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, path } = next
    if (node === wanted) return path
    const inner =
      node.kind === 'map'
        ? [...node.entries]
        : node.kind === 'list'
          ? node.items.map((item, index) => [String(index), item] as const)
          : []
    for (const [name, each] of inner) waiting.push({ node: each, path: `${path}/${name}` })
  }
  return undefined
}

/** A problem of the template's shape: `Template format error: …`. */
export function formatProblem(message: string, at?: SourceNode): TemplateProblem {
  return problem(`Template format error: ${message}`, at)
}

/** A problem of a function's use: `Template error: …`. */
export function functionProblem(message: string, at?: SourceNode): TemplateProblem {
  return problem(`Template error: ${message}`, at)
}
