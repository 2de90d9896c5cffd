import { present } from '../kernel/assert.ts'
import type { Protocol } from './service.ts'
import { ec2NameOf, memberOf, scalar, unit } from './shape.ts'
import type { ListShape, MapShape, Member, ScalarShape, Shape, StructureShape } from './shape.ts'
import { noTraits, traitsOf, type RawTraits, type Traits } from './traits.ts'

/** What the router needs of a model; read without the rest. */
export interface ModelHead {
  readonly id: string
  readonly package?: string
  readonly serviceId: string
  readonly apiVersion: string
  readonly namespace: string
  readonly signingName: string
  /** Before the dot in `X-Amz-Target`. */
  readonly target: string
  /** Further targets and signing names that mean this service. */
  readonly alsoTargets?: readonly string[]
  readonly alsoSigned?: readonly string[]
  readonly xmlNamespace?: string
  /** JSON errors carry the query code in `x-amzn-query-error`. */
  readonly queryCompatible?: boolean
  /** The client's own first. */
  readonly protocols: readonly Protocol[]
  /** S3: no `<ErrorResponse>` around `<Error>`. */
  readonly noErrorWrapping?: boolean
  /** S3: the first segment of the path, or of the host, is the bucket. */
  readonly bucketInHost?: boolean
  /** Those that may be called without a signature. */
  readonly unsignedOperations?: readonly string[]
}

/** A model file. Its form is told in `models/README.md`. */
export interface RawModel extends ModelHead {
  readonly operations: Readonly<Record<string, readonly [RawRef, RawRef, RawTraits?]>>
  readonly errors: Readonly<Record<string, RawRef>>
  readonly shapes: readonly RawShape[]
}

type RawRef = number | string | readonly [number | string, RawTraits]
type RawStructure = readonly [
  's' | 'u' | 'e',
  string,
  RawTraits,
  readonly string[],
  readonly RawRef[],
  number?,
]
type RawShape =
  | RawStructure
  | readonly ['l' | 'x', string, RawTraits, RawRef]
  | readonly ['m', string, RawTraits, RawRef, RawRef]

export interface OperationModel {
  readonly name: string
  readonly input: StructureShape
  readonly output: StructureShape
  readonly traits: Traits
}

const stringShape = scalar('string')
const doubleShape = scalar('number', { traits: { double: 1 } })
const firstShape = 1000
const listBit = 64
const mapBit = 128

/** The schemas' own numbers of simple types, and our names for them. */
const simpleShapes: ReadonlyMap<number | string, Shape> = new Map<number | string, Shape>([
  [-1, unit],
  [0, stringShape],
  [1, scalar('number')],
  [2, scalar('boolean')],
  [4, scalar('timestamp')],
  [5, scalar('timestamp', { format: 'date-time' })],
  [6, scalar('timestamp', { format: 'http-date' })],
  [7, scalar('timestamp', { format: 'epoch' })],
  [15, scalar('document')],
  [17, scalar('bigNumber')],
  [19, scalar('bigNumber')],
  [21, scalar('blob')],
  [42, scalar('blob', { traits: { streaming: 1 } })],
  ['unit', unit],
  ['string', stringShape],
  ['number', scalar('number')],
  ['boolean', scalar('boolean')],
  ['timestamp', scalar('timestamp')],
  ['blob', scalar('blob')],
  ['document', scalar('document')],
])

/** A service's operations and shapes. Shapes are made when an operation first needs them. */
export class ServiceModel {
  readonly head: ModelHead
  readonly #raw: RawModel
  readonly #operations = new Map<string, OperationModel>()
  readonly #shapes = new Map<number, Shape>()
  #places: ReadonlyMap<string, number> | undefined

  constructor(raw: RawModel) {
    this.#raw = raw
    this.head = raw
  }

  get operationNames(): readonly string[] {
    return Object.keys(this.#raw.operations)
  }

  get errorNames(): readonly string[] {
    return Object.keys(this.#raw.errors)
  }

  has(operation: string): boolean {
    return Object.hasOwn(this.#raw.operations, operation)
  }

  operation(name: string): OperationModel | undefined {
    const known = this.#operations.get(name)
    if (known || !this.has(name)) return known
    const [input, output, traits] = present(this.#raw.operations[name], name)
    const made: OperationModel = {
      name,
      input: this.#structure(input),
      output: this.#structure(output),
      traits: traitsOf(traits),
    }
    this.#operations.set(name, made)
    return made
  }

  error(name: string): StructureShape | undefined {
    if (!Object.hasOwn(this.#raw.errors, name)) return undefined
    return this.#structure(present(this.#raw.errors[name], name))
  }

  #structure(reference: RawRef): StructureShape {
    const shape = this.#resolve(Array.isArray(reference) ? reference[0] : reference)
    if (shape.kind !== 'structure') throw new TypeError(`${shape.name} is not a structure`)
    return shape
  }

  #member(name: string, reference: RawRef): Member {
    if (typeof reference !== 'object') return memberOf(name, this.#resolve(reference), noTraits)
    const traits = traitsOf(reference[1])
    const shape = this.#resolve(reference[0])
    return memberOf(name, traits.double ? asDouble(shape) : shape, traits)
  }

  #resolve(reference: number | string): Shape {
    const simple = simpleShapes.get(reference)
    if (simple) return simple
    if (typeof reference === 'number' && reference < firstShape) return simpleCollection(reference)
    const place = typeof reference === 'number' ? reference - firstShape : this.#place(reference)
    return this.#shapes.get(place) ?? this.#make(place)
  }

  #place(name: string): number {
    this.#places ??= new Map(this.#raw.shapes.map((shape, place) => [shape[1], place]))
    return present(this.#places.get(name), `${this.head.id} has no shape ${name}`)
  }

  /** Registered before its members are made: shapes may contain themselves. */
  #make(place: number): Shape {
    const raw = present(this.#raw.shapes[place], `${this.head.id} has no shape ${place}`)
    const name = raw[1]
    const traits = traitsOf(raw[2])
    if (raw[0] === 'x') {
      const base = this.#resolve(raw[3] as number | string) as ScalarShape
      return this.#keep(place, { ...base, name, traits: { ...base.traits, ...traits } })
    }
    if (raw[0] === 'l') {
      const made: Mutable<ListShape> = { kind: 'list', name, traits, item: pending }
      this.#keep(place, made)
      made.item = this.#member('member', raw[3])
      return made
    }
    if (raw[0] === 'm') {
      const made: Mutable<MapShape> = { kind: 'map', name, traits, key: pending, value: pending }
      this.#keep(place, made)
      made.key = this.#member('key', raw[3])
      made.value = this.#member('value', raw[4])
      return made
    }
    return this.#makeStructure(place, raw as RawStructure)
  }

  #makeStructure(place: number, raw: RawStructure): StructureShape {
    const [letter, name, traits, names, references, requiredCount = 0] = raw
    const made: Mutable<StructureShape> = {
      ...unit,
      name,
      traits: traitsOf(traits),
      isUnit: false,
      isUnion: letter === 'u',
      requiredCount,
    }
    this.#keep(place, made)
    made.members = names.map((member, index) =>
      this.#member(member, present(references[index], `${name}.${member} has no type`)),
    )
    indexMembers(made)
    return made
  }

  #keep<Made extends Shape>(place: number, shape: Made): Made {
    this.#shapes.set(place, shape)
    return shape
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

const pending: Member = memberOf('pending', stringShape, noTraits)

function indexMembers(shape: Mutable<StructureShape>): void {
  const { members } = shape
  shape.byName = new Map(members.map((member) => [member.name, member]))
  shape.byJsonName = new Map(members.map((member) => [member.jsonName, member]))
  shape.byXmlName = new Map(members.map((member) => [member.xmlName, member]))
  shape.byEc2Name = new Map(members.map((member) => [ec2NameOf(member), member]))
}

function asDouble(shape: Shape): Shape {
  if (shape.kind === 'number') return doubleShape
  if (shape.kind === 'list') {
    return { ...shape, item: { ...shape.item, shape: asDouble(shape.item.shape) } }
  }
  if (shape.kind === 'map') {
    return { ...shape, value: { ...shape.value, shape: asDouble(shape.value.shape) } }
  }
  return shape
}

/** Lists and maps of simple types have no shape of their own: 64 or 128 is added to the item's number. */
function simpleCollection(reference: number): Shape {
  const inner = present(simpleShapes.get(reference & (listBit - 1)), `unknown type ${reference}`)
  const head = { name: 'anonymous', traits: noTraits }
  if (reference < mapBit) {
    return { kind: 'list', ...head, item: memberOf('member', inner, noTraits) }
  }
  const key = memberOf('key', stringShape, noTraits)
  return { kind: 'map', ...head, key, value: memberOf('value', inner, noTraits) }
}
