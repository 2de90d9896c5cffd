import { present } from '../kernel/assert.ts'
import { decodePercent, type Pair } from './form.ts'
import { readingParameter } from './malformed.ts'
import type { OperationModel, ServiceModel } from './model.ts'

/** The part of a request that decides its REST operation. */
export interface RestTarget {
  readonly method: string
  /** Still percent-encoded; without the bucket. */
  readonly path: string
  readonly query: readonly Pair[]
  readonly headers: Readonly<Record<string, string>>
  readonly bucket: string | undefined
}

export interface RestMatch {
  readonly operation: OperationModel
  readonly labels: Readonly<Record<string, string>>
}

interface Segment {
  readonly literal?: string
  readonly label?: string
  /** `{Key+}`: also slashes. */
  readonly isGreedy?: boolean
}

interface Route {
  readonly operation: string
  readonly segments: readonly Segment[]
  /** `?acl`, `?list-type=2`. */
  readonly fixedQuery: readonly Pair[]
  /** `x-id=GetObject`: a hint that some clients send. */
  readonly hint: string | undefined
  readonly requiredQuery: readonly string[]
  readonly requiredHeaders: readonly string[]
  readonly takesBucket: boolean
  /** More of what decides: the literal path, then query and headers. */
  readonly weight: number
}

/** S3's operations share paths: what a request must carry decides between them, and the most demanding one wins. */
export class RestRoutes {
  readonly #model: ServiceModel
  readonly #byMethod = new Map<string, Route[]>()

  constructor(model: ServiceModel) {
    this.#model = model
    for (const name of model.operationNames) {
      const operation = present(model.operation(name), name)
      const { http } = operation.traits
      if (!http) continue
      const routes = this.#byMethod.get(http[0]) ?? []
      this.#byMethod.set(http[0], routes)
      routes.push(routeOf(operation, http[1]))
    }
    for (const routes of this.#byMethod.values()) routes.sort((a, b) => b.weight - a.weight)
  }

  match(target: RestTarget): RestMatch | undefined {
    const query = new Map(target.query)
    const parts = target.path.split('/').slice(1)
    const hint = query.get('x-id')
    let found: { route: Route; labels: Record<string, string> } | undefined
    for (const route of this.#byMethod.get(target.method) ?? []) {
      if (found && route.hint !== hint) continue
      if (!accepts(route, target, query)) continue
      const labels = matchPath(route.segments, parts)
      if (!labels) continue
      if (hint !== undefined && route.hint === hint) return this.#found(route, labels)
      found ??= { route, labels }
      if (hint === undefined) break
    }
    return found && this.#found(found.route, found.labels)
  }

  #found(route: Route, labels: Readonly<Record<string, string>>): RestMatch {
    return { operation: present(this.#model.operation(route.operation), route.operation), labels }
  }
}

function routeOf(operation: OperationModel, pattern: string): Route {
  const [path = '', queryText = ''] = pattern.split('?')
  const pairs = queryText
    .split('&')
    .filter((text) => text !== '')
    .map((text): Pair => [text.split('=')[0]!, text.split('=')[1] ?? ''])
  const fixedQuery = pairs.filter(([name]) => name !== 'x-id')
  const required = operation.input.members.slice(0, operation.input.requiredCount)
  const requiredQuery = required.flatMap(({ traits }) => traits.httpQuery ?? [])
  const requiredHeaders = required.flatMap(({ traits }) => traits.httpHeader?.toLowerCase() ?? [])
  const segments = segmentsOf(path)
  const literals = segments.filter((segment) => segment.literal).length
  return {
    operation: operation.name,
    segments,
    fixedQuery,
    hint: pairs.find(([name]) => name === 'x-id')?.[1],
    requiredQuery,
    requiredHeaders,
    takesBucket: operation.input.byName.get('Bucket')?.traits.httpLabel === 1,
    weight: literals * 100 + fixedQuery.length * 10 + requiredQuery.length + requiredHeaders.length,
  }
}

function segmentsOf(path: string): Segment[] {
  const segments = path
    .split('/')
    .slice(1)
    .map((text): Segment => {
      const label = /^\{([^}+]+)(\+)?\}$/.exec(text)
      return label ? { label: label[1]!, isGreedy: label[2] === '+' } : { literal: text }
    })
  if (segments.length > 1 && segments.at(-1)?.literal === '') segments.pop()
  return segments
}

function accepts(route: Route, target: RestTarget, query: ReadonlyMap<string, string>): boolean {
  if (target.bucket !== undefined && !route.takesBucket) return false
  if (target.bucket === undefined && route.takesBucket) return false
  return (
    route.fixedQuery.every(
      ([name, value]) => query.has(name) && (value === '' || query.get(name) === value),
    ) &&
    route.requiredQuery.every((name) => query.has(name)) &&
    route.requiredHeaders.every((name) => target.headers[name] !== undefined)
  )
}

/** The labels of a path, or undefined when it is another one. A slash at the end is forgiven. */
function matchPath(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const labels: Record<string, string> = {}
  let at = 0
  for (const [index, segment] of segments.entries()) {
    if (segment.isGreedy) {
      const end = parts.length - (segments.length - index - 1)
      const taken = parts.slice(at, end)
      if (taken.length === 0 || (taken.length === 1 && taken[0] === '')) return undefined
      labels[segment.label!] = readLabel(segment.label!, taken.join('/'))
      at = end
      continue
    }
    const part = parts[at] ?? ''
    if (segment.label !== undefined) {
      if (part === '') return undefined
      labels[segment.label] = readLabel(segment.label, part)
    } else if (part !== segment.literal) return undefined
    at += 1
  }
  const isWhole = at === parts.length || (at === parts.length - 1 && parts[at] === '')
  return isWhole ? labels : undefined
}

function readLabel(label: string, text: string): string {
  return readingParameter(label, () => decodePercent(text))
}
