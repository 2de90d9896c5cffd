/** How a resource is, against what its stack says of it. */
export type DriftStatus = 'IN_SYNC' | 'MODIFIED' | 'DELETED' | 'NOT_CHECKED'

/** One way in which what is there differs from what a template says. Values are texts; JSON for structures. */
export interface PropertyDifference {
  /** `/Tags/1/Value` */
  readonly path: string
  readonly kind: 'ADD' | 'REMOVE' | 'NOT_EQUAL'
  readonly expected: string
  readonly actual: string
}

type Structure = Readonly<Record<string, unknown>>

/**
 * Compares a resource with its template. As on AWS only what the template says is looked at; a structure or list that it has is looked
 * at whole. What `actual` does not name cannot be told and passes; what it names without a value is gone. Lists have no order.
 */
export function propertyDifferences(
  expected: Structure,
  actual: Structure,
): readonly PropertyDifference[] {
  return Object.keys(expected)
    .filter((name) => Object.hasOwn(actual, name))
    .flatMap((name) => differences(`/${name}`, expected[name], actual[name]))
}

function differences(
  path: string,
  expected: unknown,
  actual: unknown,
): readonly PropertyDifference[] {
  if (isAbsent(expected)) return isAbsent(actual) ? [] : [difference('ADD', path, '', actual)]
  if (isAbsent(actual)) return [difference('REMOVE', path, expected, '')]
  if (Array.isArray(actual)) return listDifferences(path, [expected].flat(), actual)
  if (isStructure(expected) && isStructure(actual)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].toSorted()
    return names.flatMap((name) => differences(`${path}/${name}`, expected[name], actual[name]))
  }
  return textOf(expected) === textOf(actual)
    ? []
    : [difference('NOT_EQUAL', path, expected, actual)]
}

/** What has the same key (a tag) is compared; else an item is there or it is not. */
function listDifferences(
  path: string,
  expected: readonly unknown[],
  actual: readonly unknown[],
): readonly PropertyDifference[] {
  const left = [...actual.entries()]
  const found: PropertyDifference[] = []
  for (const [index, item] of expected.entries()) {
    const same = left.findIndex(([, other]) => differences('', item, other).length === 0)
    if (same >= 0) {
      left.splice(same, 1)
      continue
    }
    const keyed = left.findIndex(
      ([, other]) => keyOf(item) !== undefined && keyOf(item) === keyOf(other),
    )
    const [pair] = keyed >= 0 ? left.splice(keyed, 1) : []
    found.push(
      ...(pair
        ? differences(`${path}/${index}`, item, pair[1])
        : [difference('REMOVE', `${path}/${index}`, item, '')]),
    )
  }
  return [...found, ...left.map(([index, item]) => difference('ADD', `${path}/${index}`, '', item))]
}

function keyOf(item: unknown): unknown {
  return isStructure(item) ? item['Key'] : undefined
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}

function isStructure(value: unknown): value is Structure {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function difference(
  kind: PropertyDifference['kind'],
  path: string,
  expected: unknown,
  actual: unknown,
): PropertyDifference {
  return { kind, path, expected: textOf(expected), actual: textOf(actual) }
}

/** Numbers and texts that say the same are the same. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
