import type { Random } from '../kernel/random.ts'
import type { ModelHead } from '../wire/model.ts'
import type { Fields, ListShape, MapShape, Member, Shape, StructureShape } from '../wire/shape.ts'

/** Text that codecs trip over. */
const texts = [
  'plain',
  'a b',
  'é&<>"\'',
  'x+y=z%20',
  '日本',
  'tab\there',
  'multi\nline',
  ' lead',
  '0',
]

/** Deeper structures have their required members, or one, so that shapes that contain themselves end. */
const depthMax = 5
const requiredDepthMax = 16
const baseTime = Date.UTC(2026, 0, 2, 3, 4, 5)

/** Values for the oracle: every member of a shape, with values that its place on the wire can hold. */
export class ValueMaker {
  readonly #head: ModelHead
  readonly #random: Random

  constructor(head: ModelHead, random: Random) {
    this.#head = head
    this.#random = random
  }

  structure(shape: StructureShape): Fields {
    return (this.#structure(shape, 0) ?? {}) as Fields
  }

  #value(shape: Shape, member: Member | undefined, depth: number): unknown {
    if (member && isComputedByClient(this.#head.id, member)) return undefined
    switch (shape.kind) {
      case 'string':
        return this.#text(member)
      case 'number':
        return this.#random.below(1000) + 1
      case 'boolean':
        return this.#random.below(2) === 1
      case 'timestamp': {
        const inWholeSeconds =
          shape.format === 'http-date' || member?.traits.httpHeader || member?.traits.httpQuery
        const milliseconds = this.#random.below(1_000_000) * 1000
        return new Date(baseTime + milliseconds + (inWholeSeconds ? 0 : 678))
      }
      case 'blob':
        return Buffer.from([this.#random.below(256), 255, 0, this.#random.below(256)])
      case 'document':
        return { a: [1, 'x', { b: true }] }
      case 'bigNumber':
        return undefined
      case 'list':
        return this.#list(shape, member, depth)
      case 'map':
        return this.#map(shape, member, depth)
      case 'structure':
        return this.#structure(shape, depth)
    }
  }

  #text(member: Member | undefined): string | undefined {
    if (!member) return texts[this.#random.below(texts.length)]
    const { name, traits } = member
    if (this.#head.id === 's3' && name.endsWith('ChecksumAlgorithm')) return 'CRC32'
    if (traits.httpLabel) {
      if (name === 'Bucket') return 'bkt-1'
      return `label${this.#random.below(99)}${name === 'Key' ? '/a b+é' : ''}`
    }
    if (traits.httpHeader) return `header${this.#random.below(99)}`
    if (traits.hostLabel) return 'host'
    return texts[this.#random.below(texts.length)]
  }

  #list(shape: ListShape, member: Member | undefined, depth: number): unknown {
    const isHeader = member?.traits.httpHeader !== undefined
    if (isHeader && shape.item.shape.kind === 'string') return ['a1', 'b2']
    const items: unknown[] = []
    for (let count = isHeader ? 1 : 1 + this.#random.below(2); count > 0; count--) {
      const item = this.#value(shape.item.shape, shape.item, depth + 1)
      if (item !== undefined) items.push(item)
    }
    return items.length > 0 ? items : undefined
  }

  #map(shape: MapShape, member: Member | undefined, depth: number): unknown {
    const inHeaders = member?.traits.httpPrefixHeaders !== undefined
    const suffix = inHeaders ? '' : 'é'
    const entries: [string, unknown][] = []
    for (const key of ['k0', 'k1']) {
      const item = inHeaders
        ? `header ${key}`
        : this.#value(shape.value.shape, shape.value, depth + 1)
      if (item !== undefined) entries.push([key + suffix, item])
    }
    return entries.length > 0 ? Object.fromEntries(entries) : undefined
  }

  #structure(shape: StructureShape, depth: number): Fields | undefined {
    if (shape.traits.streaming || depth > requiredDepthMax) return undefined
    if (this.#head.id === 'sqs' && shape.name === 'Message') return sqsMessage
    const members = shape.isUnion
      ? [shape.members[this.#random.below(shape.members.length)]!]
      : shape.members.slice(0, depth > depthMax ? Math.max(1, shape.requiredCount) : undefined)
    const fields: Fields = {}
    for (const member of members) {
      if (member.traits.httpResponseCode) continue
      const value = this.#value(member.shape, member, depth + 1)
      if (value !== undefined) fields[member.name] = value
    }
    return Object.keys(fields).length === 0 ? undefined : fields
  }
}

/** The SQS client checks the body against its MD5. */
const sqsMessage = {
  MessageId: '1',
  Body: 'b',
  MD5OfBody: '92eb5ffee6ae2fec3ad71c777531578f',
  Attributes: { SenderId: 'x' },
}

/** Members that the client computes or checks itself, so that a made-up value would be refused or replaced. */
function isComputedByClient(service: string, { name, traits }: Member): boolean {
  return (
    traits.mediaType !== undefined ||
    /^x-amz-checksum-|Content-MD5|customer-key|^x-amz-fwd-header/i.test(traits.httpHeader ?? '') ||
    /^(ExpiresString|RequestRoute|ContentLength)$/.test(name) ||
    (service === 'sqs' && name.startsWith('MD5Of'))
  )
}
