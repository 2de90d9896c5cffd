/** One operation of a patch document, https://www.rfc-editor.org/rfc/rfc6902. */
interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test'
  readonly path: readonly string[]
  readonly from?: readonly string[]
  readonly value?: unknown
}

export type PatchResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string }

/** AWS takes no longer documents than 65,536 characters; so many operations are surely a mistake. */
const operationsMax = 1000

/**
 * The document after all operations of the patch, in order; the reason of the first that cannot be done. Nothing of `document` is
 * changed. `same` says whether two values are the same, for `test`.
 */
export function patched(
  document: unknown,
  patch: unknown,
  same: (left: unknown, right: unknown) => boolean,
): PatchResult {
  if (!Array.isArray(patch)) return failed('the patch document is a JSON array of operations')
  if (patch.length > operationsMax) return failed(`a patch has at most ${operationsMax} operations`)
  let value = document
  for (const [index, raw] of patch.entries()) {
    try {
      value = applied(value, operationOf(raw), same)
    } catch (thrown) {
      if (!(thrown instanceof PatchProblem)) throw thrown
      return failed(`operation ${index}: ${thrown.message}`)
    }
  }
  return { ok: true, value }
}

class PatchProblem extends Error {}

function failed(reason: string): PatchResult {
  return { ok: false, reason }
}

function operationOf(raw: unknown): PatchOperation {
  if (typeof raw !== 'object' || raw === null) throw new PatchProblem('it is no object')
  const { op, path, from, value } = raw as Readonly<Record<string, unknown>>
  const known = ['add', 'remove', 'replace', 'move', 'copy', 'test'] as const
  const verb = known.find((each) => each === op)
  if (!verb) throw new PatchProblem(`op is one of ${known.join(', ')}`)
  const needsFrom = verb === 'move' || verb === 'copy'
  const needsValue = verb === 'add' || verb === 'replace' || verb === 'test'
  if (needsValue && value === undefined) throw new PatchProblem(`${verb} needs a value`)
  return {
    op: verb,
    path: pointerOf('path', path),
    ...(needsFrom ? { from: pointerOf('from', from) } : {}),
    value,
  }
}

/** The steps of a JSON pointer, https://www.rfc-editor.org/rfc/rfc6901. */
function pointerOf(member: string, pointer: unknown): readonly string[] {
  if (typeof pointer !== 'string') throw new PatchProblem(`it has no ${member}`)
  if (pointer === '') return []
  if (!pointer.startsWith('/')) throw new PatchProblem(`${member} ${pointer} begins with no /`)
  const steps = pointer.slice(1).split('/')
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function applied(
  document: unknown,
  operation: PatchOperation,
  same: (left: unknown, right: unknown) => boolean,
): unknown {
  const { op, path, from = [], value } = operation
  switch (op) {
    case 'add':
      return added(document, path, value)
    case 'remove':
      return removed(document, path)
    case 'replace':
      if (path.length === 0) return value
      return added(removed(document, path), path, value)
    case 'copy':
      return added(document, path, found(document, from))
    case 'move': {
      const isInside = from.length < path.length && from.every((step, n) => step === path[n])
      if (isInside) throw new PatchProblem('a value is not moved into itself')
      return added(removed(document, from), path, found(document, from))
    }
    case 'test':
      if (same(found(document, path), value)) return document
      throw new PatchProblem(`the value at ${written(path)} is another one`)
  }
}

function written(path: readonly string[]): string {
  return path.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

function found(document: unknown, path: readonly string[]): unknown {
  let value = document
  for (const step of path) {
    const inner = memberOf(value, step)
    if (inner === undefined) throw new PatchProblem(`there is nothing at ${written(path)}`)
    value = inner
  }
  return value
}

function memberOf(value: unknown, step: string): unknown {
  if (Array.isArray(value)) return /^(0|[1-9][0-9]*)$/.test(step) ? value[Number(step)] : undefined
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
  return (value as Readonly<Record<string, unknown>>)[step]
}

/** The document with its part at `path` made anew by `change`, which gets what holds the last step. */
function changed(
  document: unknown,
  path: readonly string[],
  change: (holder: unknown, step: string) => unknown,
): unknown {
  const [step, ...rest] = path
  if (step === undefined) throw new PatchProblem('the whole document is not removed')
  if (rest.length === 0) return change(document, step)
  const inner = memberOf(document, step)
  if (inner === undefined) throw new PatchProblem(`there is nothing at ${written([step])}`)
  const next = changed(inner, rest, change)
  if (Array.isArray(document)) return document.with(Number(step), next)
  return withMember(document as object, step, next)
}

function added(document: unknown, path: readonly string[], value: unknown): unknown {
  if (path.length === 0) return value
  return changed(document, path, (holder, step) => {
    if (Array.isArray(holder)) {
      const place = step === '-' ? holder.length : Number(step)
      const isPlace = step === '-' || (/^(0|[1-9][0-9]*)$/.test(step) && place <= holder.length)
      if (!isPlace) throw new PatchProblem(`a list of ${holder.length} has no place ${step}`)
      return holder.toSpliced(place, 0, value)
    }
    if (typeof holder === 'object' && holder !== null) return withMember(holder, step, value)
    throw new PatchProblem(`nothing can be put at ${written(path)}`)
  })
}

function removed(document: unknown, path: readonly string[]): unknown {
  return changed(document, path, (holder, step) => {
    if (memberOf(holder, step) === undefined) {
      throw new PatchProblem(`there is nothing at ${written(path)}`)
    }
    if (Array.isArray(holder)) return holder.toSpliced(Number(step), 1)
    return Object.fromEntries(Object.entries(holder as object).filter(([name]) => name !== step))
  })
}

/** Its own member whatever its name is, `__proto__` too. */
function withMember(holder: object, name: string, value: unknown): object {
  return Object.fromEntries([
    ...Object.entries(holder).filter(([each]) => each !== name),
    [name, value],
  ])
}
