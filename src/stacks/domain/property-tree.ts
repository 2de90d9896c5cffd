/**
 * Honoured properties: `true` for anything below it, a tree for a structure, or a list of structures. A kind turns the
 * template's text into what the operation takes: `'json'` makes JSON text of a document (a policy), and leaves text alone.
 */
export interface PropertyTree {
  readonly [property: string]: PropertyRule
}

export type PropertyRule = true | 'string' | 'number' | 'boolean' | 'json' | PropertyTree

/** What the template engine needs to know of a resource type: the part of `ResourceType` that is a value. */
export interface TypeShape {
  /** `AWS::EC2::Subnet` */
  readonly name: string
  readonly properties: PropertyTree
  /** Other properties pass as they are. */
  readonly takesAnything?: boolean
  /** What is wrong with properties that look right, in words; values that are not known yet are symbols. */
  readonly problem?: (properties: Readonly<Record<string, unknown>>) => string | undefined
  readonly required: readonly string[]
  readonly attributes: readonly string[]
  readonly signalledBy?: 'instances' | 'anything'
  readonly updatePolicy?: PropertyTree
  readonly capability?: { readonly nameProperty: string }
}
