import { noTraits, type Traits } from './traits.ts'

export type TimestampFormat = 'date-time' | 'http-date' | 'epoch'

/** What a value of the model looks like. Codecs switch over `kind`. */
export type Shape = ScalarShape | ListShape | MapShape | StructureShape

export interface ScalarShape {
  readonly kind: 'string' | 'number' | 'boolean' | 'blob' | 'timestamp' | 'document' | 'bigNumber'
  readonly name: string
  readonly traits: Traits
  /** Of a timestamp; absent: the protocol's usual one. */
  readonly format?: TimestampFormat
}

export interface ListShape {
  readonly kind: 'list'
  readonly name: string
  readonly traits: Traits
  readonly item: Member
}

export interface MapShape {
  readonly kind: 'map'
  readonly name: string
  readonly traits: Traits
  readonly key: Member
  readonly value: Member
}

export interface StructureShape {
  readonly kind: 'structure'
  readonly name: string
  readonly traits: Traits
  /** `Unit`: an operation without input or output. */
  readonly isUnit: boolean
  readonly isUnion: boolean
  readonly members: readonly Member[]
  readonly byName: ReadonlyMap<string, Member>
  readonly byJsonName: ReadonlyMap<string, Member>
  readonly byXmlName: ReadonlyMap<string, Member>
  readonly byEc2Name: ReadonlyMap<string, Member>
  /** The first `requiredCount` members must be there. */
  readonly requiredCount: number
}

export interface Member {
  readonly name: string
  readonly shape: Shape
  /** The member's own over those of its shape. */
  readonly traits: Traits
  /** The name in XML and query: `xmlName` or the name. */
  readonly xmlName: string
  readonly jsonName: string
}

/** A structure of the model, as codecs give and take it. */
export type Fields = Record<string, unknown>

export function scalar(kind: ScalarShape['kind'], extra: Partial<ScalarShape> = {}): ScalarShape {
  return { kind, name: kind, traits: noTraits, ...extra }
}

export function memberOf(name: string, shape: Shape, own: Traits): Member {
  const inherits = shape.traits !== noTraits && shape.kind !== 'structure'
  const traits = inherits ? { ...shape.traits, ...own } : own
  return {
    name,
    shape,
    traits,
    xmlName: traits.xmlName ?? name,
    jsonName: traits.jsonName ?? name,
  }
}

/** EC2's query names: `ec2QueryName`, else the XML name with a capital. */
export function ec2NameOf(member: Member): string {
  return (
    member.traits.ec2QueryName ?? member.xmlName.slice(0, 1).toUpperCase() + member.xmlName.slice(1)
  )
}

export const unit: StructureShape = {
  kind: 'structure',
  name: 'Unit',
  traits: noTraits,
  isUnit: true,
  isUnion: false,
  members: [],
  byName: new Map(),
  byJsonName: new Map(),
  byXmlName: new Map(),
  byEc2Name: new Map(),
  requiredCount: 0,
}

const doubles = new WeakMap<Shape, boolean>()

/** Whether a floating number can be inside: such numbers must be written `80.0`, which decides how JSON is written. */
export function reachesDouble(shape: Shape): boolean {
  let known = doubles.get(shape)
  if (known === undefined) {
    known = findDouble(shape, new Set())
    doubles.set(shape, known)
  }
  return known
}

function findDouble(shape: Shape, visited: Set<Shape>): boolean {
  if (visited.has(shape)) return false
  visited.add(shape)
  if (shape.kind === 'list') return findDouble(shape.item.shape, visited)
  if (shape.kind === 'map') return findDouble(shape.value.shape, visited)
  if (shape.kind === 'structure') {
    return shape.members.some((member) => findDouble(member.shape, visited))
  }
  return shape.traits.double === 1
}

/** The streamed payload of an operation's input or output, such as S3's `Body`. */
export function streamedMember(shape: StructureShape): Member | undefined {
  return shape.members.find(
    ({ traits, shape: inner }) =>
      traits.httpPayload && inner.kind === 'blob' && inner.traits.streaming,
  )
}

/** Whether it carries an event stream. */
export function hasEventStream(shape: StructureShape): boolean {
  return eventStreamOf(shape) !== undefined
}

/** The member that is a stream of events. */
export function eventStreamOf(shape: StructureShape): Member | undefined {
  return shape.members.find(
    ({ traits, shape: inner }) =>
      traits.eventPayload || (inner.kind === 'structure' && inner.traits.streaming),
  )
}
