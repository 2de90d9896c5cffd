import type { MetricQuery } from '../metric-query.ts'
import { functions, type MathContext } from './functions.ts'
import { ExpressionError, namesIn, readExpression } from './read-expression.ts'
import type { Expression, Operator } from './read-expression.ts'
import { combine, isList, isSeries, type TimeSeries, type Value } from './value.ts'

/** Functions of CloudWatch that are not built, so that the refusal can say so. */
const absent = new Set([
  ...['SEARCH', 'ANOMALY_DETECTION_BAND', 'INSIGHT_RULE_METRIC', 'SERVICE_QUOTA', 'LAMBDA'],
  ...['DB_PERF_INSIGHTS', 'SORT', 'SLICE', 'TIME_SERIES'],
])
const keywords = new Set(['REPEAT', 'LINEAR'])

/** What is wrong with a set of queries, as `Error in expression 'e1': …`; undefined when nothing is. */
export function faultOf(queries: readonly MetricQuery[]): string | undefined {
  const ids = new Set<string>()
  for (const { id } of queries) {
    if (!/^[a-z]\w*$/.test(id))
      return `The value ${id} for an id is not valid: it starts with a lower-case letter`
    if (ids.has(id)) return `The id ${id} is used twice`
    ids.add(id)
  }
  for (const { id, expression } of queries) {
    if (expression === undefined) continue
    try {
      const tree = readExpression(expression)
      const unknown = namesIn(tree).find((name) => !ids.has(name) && !keywords.has(name))
      if (unknown !== undefined) throw new ExpressionError(`Unrecognized id '${unknown}'`)
      checkFunctions(tree)
      if (leadsTo(queries, namesIn(tree), id)) throw new ExpressionError('It leads back to itself')
    } catch (thrown) {
      if (!(thrown instanceof ExpressionError)) throw thrown
      return `Error in expression '${id}': ${thrown.message}`
    }
  }
  return undefined
}

function checkFunctions(tree: Expression): void {
  if (tree.kind === 'call') {
    if (absent.has(tree.name))
      throw new ExpressionError(`Function ${tree.name} is not supported here`)
    if (!Object.hasOwn(functions, tree.name)) {
      throw new ExpressionError(`Unsupported function ${tree.name}`)
    }
    tree.inputs.forEach(checkFunctions)
  } else if (tree.kind === 'list') tree.items.forEach(checkFunctions)
  else if (tree.kind === 'negative') checkFunctions(tree.of)
  else if (tree.kind === 'operation') [tree.left, tree.right].forEach(checkFunctions)
}

function leadsTo(queries: readonly MetricQuery[], names: readonly string[], id: string): boolean {
  const seen = new Set<string>()
  const ahead = [...names]
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (name === id) return true
    if (seen.has(name)) continue
    seen.add(name)
    const expression = queries.find((query) => query.id === name)?.expression
    if (expression !== undefined) ahead.push(...namesIn(readExpression(expression)))
  }
  return false
}

/**
 * The series of each query that returns data. `series` gives those that were read from the store, by id. Throws
 * `ExpressionError` for what only shows with the values: an expression that comes to a number, a function with the wrong kind of input.
 */
export function evaluateQueries(
  queries: readonly MetricQuery[],
  series: ReadonlyMap<string, TimeSeries>,
  range: { readonly from: number; readonly until: number },
): ReadonlyMap<string, readonly TimeSeries[]> {
  const metrics = [...series].map(([id, one]) => ({ id, series: one }))
  const context: MathContext = { metrics, ...range }
  const known = new Map<string, Value>(series)
  const valueOf = (id: string): Value => {
    const held = known.get(id)
    if (held !== undefined) return held
    const query = queries.find((one) => one.id === id)
    if (query?.expression === undefined) return id
    const value = evaluate(readExpression(query.expression), valueOf, context)
    known.set(id, value)
    return value
  }
  const results = new Map<string, readonly TimeSeries[]>()
  for (const query of queries) {
    if (!query.returnsData) continue
    const value = valueOf(query.id)
    if (isList(value)) results.set(query.id, value)
    else if (isSeries(value)) results.set(query.id, [{ ...value, label: query.label ?? query.id }])
    else {
      throw new ExpressionError(
        `Error in expression '${query.id}': it must come to a time series or a list of them`,
      )
    }
  }
  for (const [id, list] of results) {
    const label = queries.find((query) => query.id === id)?.label
    const only = list[0]
    if (series.has(id) && only)
      results.set(id, [{ ...only, label: label ?? series.get(id)?.label ?? id }])
  }
  return results
}

function evaluate(tree: Expression, valueOf: (id: string) => Value, context: MathContext): Value {
  const inner = (each: Expression): Value => evaluate(each, valueOf, context)
  switch (tree.kind) {
    case 'number':
      return tree.value
    case 'text':
      return tree.text
    case 'name':
      return valueOf(tree.name)
    case 'list':
      return tree.items.map(inner).flatMap((value) => {
        if (typeof value !== 'object') throw new ExpressionError('A list holds time series')
        return isList(value) ? value : [value]
      })
    case 'negative':
      return combine(0, inner(tree.of), (_zero, value) => -value)
    case 'operation':
      return combine(inner(tree.left), inner(tree.right), operations[tree.operator])
    case 'call': {
      const work = functions[tree.name]
      if (work === undefined) throw new ExpressionError(`Unsupported function ${tree.name}`)
      return work(tree.inputs.map(inner), context, tree.name)
    }
  }
}

const operations: Readonly<Record<Operator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
  '==': (left, right) => truth(left === right, left, right),
  '!=': (left, right) => truth(left !== right, left, right),
  '<': (left, right) => truth(left < right, left, right),
  '<=': (left, right) => truth(left <= right, left, right),
  '>': (left, right) => truth(left > right, left, right),
  '>=': (left, right) => truth(left >= right, left, right),
  '&&': (left, right) => truth(left !== 0 && right !== 0, left, right),
  '||': (left, right) => truth(left !== 0 || right !== 0, left, right),
}

/** 1 or 0; where a side has no datapoint, neither. */
function truth(holds: boolean, left: number, right: number): number {
  return Number.isNaN(left) || Number.isNaN(right) ? Number.NaN : Number(holds)
}
