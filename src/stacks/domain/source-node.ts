/**
 * A template as it was written, JSON or YAML alike: short forms (`!Ref X`) are already their long ones (`{Ref: X}`). Lines start
 * at 1 (0 where they are not known), so that an error can name its place.
 */
export type SourceNode = SourceScalar | SourceList | SourceMap

export type Scalar = string | number | boolean | null

export interface SourceScalar {
  readonly kind: 'scalar'
  readonly line: number
  readonly value: Scalar
}

export interface SourceList {
  readonly kind: 'list'
  readonly line: number
  readonly items: readonly SourceNode[]
}

export interface SourceMap {
  readonly kind: 'map'
  readonly line: number
  readonly entries: ReadonlyMap<string, SourceNode>
}

/** The plain JSON value of a node. */
export function plainOf(node: SourceNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value
    case 'list':
      return node.items.map(plainOf)
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, value]) => [key, plainOf(value)]))
  }
}

/** The text of a scalar that is one; numbers and booleans as templates may leave them unquoted. */
export function textOf(node: SourceNode | undefined): string | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined
  return String(node.value)
}
