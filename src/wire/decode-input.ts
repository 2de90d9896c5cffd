import type { Readable } from 'node:stream'
import { present } from '../kernel/assert.ts'
import { decodeCborStructure, readCbor } from './cbor-read.ts'
import type { Decoding } from './decoding.ts'
import type { Pair } from './form.ts'
import { decodeJsonStructure, parseJson } from './json-decode.ts'
import type { OperationModel } from './model.ts'
import { decodeQuery } from './query-decode.ts'
import { decodeRest } from './rest-decode.ts'
import type { Destination } from './route.ts'
import { isAbsent } from './json-encode.ts'
import type { Fields, Shape, StructureShape } from './shape.ts'

export interface InputSource {
  readonly query: readonly Pair[]
  readonly headers: Readonly<Record<string, string>>
  /** A stream where the operation's payload is streamed, which only S3 has. */
  readonly body: Buffer | Readable
}

/** A request as the operation's typed input, whatever its protocol. */
export function decodeInput(
  destination: Destination,
  operation: OperationModel,
  source: InputSource,
  decoding: Decoding,
): Fields {
  const { protocol } = destination
  const shape = operation.input
  switch (protocol) {
    case 'awsJson1_0':
    case 'awsJson1_1': {
      const text = (source.body as Buffer).toString('utf8')
      return text === '' ? {} : decodeJsonStructure(shape, parseJson(text), 'names', decoding)
    }
    case 'rpcv2Cbor':
      return decodeCborStructure(shape, readCbor(source.body as Buffer, decoding), decoding)
    case 'awsQuery':
    case 'ec2Query':
      return decodeQuery(shape, present(destination.pairs, 'pairs'), protocol, decoding)
    case 'restJson1':
    case 'restXml': {
      const labels = destination.labels ?? {}
      const format = protocol === 'restXml' ? 'xml' : 'json'
      return decodeRest(shape, { ...source, labels, bucket: destination.bucket, format }, decoding)
    }
  }
}

/** The path of the first required member that is not there, `Tags[0].Key`; undefined when all are. */
export function firstMissing(shape: StructureShape, input: Fields): string | undefined {
  return missingMember(shape, input)?.slice(1)
}

/** Paths are made only where something is missing: `.Tags[0].Key`. */
function missingIn(shape: Shape, value: unknown): string | undefined {
  if (shape.kind === 'structure') return missingMember(shape, value as Fields)
  if (shape.kind === 'list') return missingItem(shape.item.shape, value as readonly unknown[])
  if (shape.kind !== 'map' || !needsCheck(shape.value.shape)) return undefined
  for (const [key, item] of Object.entries(value as Fields)) {
    const missing = missingIn(shape.value.shape, item)
    if (missing !== undefined) return `.${key}${missing}`
  }
  return undefined
}

function missingItem(shape: Shape, items: readonly unknown[]): string | undefined {
  if (!needsCheck(shape)) return undefined
  for (let at = 0; at < items.length; at++) {
    const missing = isAbsent(items[at]) ? undefined : missingIn(shape, items[at])
    if (missing !== undefined) return `[${at}]${missing}`
  }
  return undefined
}

function missingMember(
  { members, requiredCount }: StructureShape,
  fields: Fields,
): string | undefined {
  for (let at = 0; at < members.length; at++) {
    const { name, shape } = members[at]!
    const value = fields[name]
    if (isAbsent(value)) {
      if (at < requiredCount) return `.${name}`
    } else if (needsCheck(shape)) {
      const missing = missingIn(shape, value)
      if (missing !== undefined) return `.${name}${missing}`
    }
  }
  return undefined
}

function needsCheck(shape: Shape): boolean {
  return shape.kind === 'structure' || shape.kind === 'list' || shape.kind === 'map'
}
