import type { NameTable } from './name-table.ts'

const headerBytes = 12
/** What fits into a datagram without EDNS (RFC 1035, 4.2.1). */
const datagramBytesMax = 512
const reverseSuffix = '.in-addr.arpa'

const types = { a: 1, soa: 6, ptr: 12, any: 255 } as const
const codes = { ok: 0, unreadable: 1, noSuchName: 3, notImplemented: 4, refused: 5 } as const
const internet = 1

interface Question {
  /** Lower-case, without the dot at the end. */
  readonly name: string
  readonly type: number
  readonly class: number
  /** As it came, to be sent back. */
  readonly bytes: Buffer
}

interface Verdict {
  readonly code: number
  readonly answers: readonly Buffer[]
}

/**
 * The answer to a DNS message; undefined for what deserves none: too short to have a header, or an answer itself.
 * `pick` says where a list of addresses begins, so that clients spread over it.
 */
export function answerQuery(
  query: Buffer,
  table: NameTable,
  { isDatagram, pick }: { isDatagram: boolean; pick: (count: number) => number },
): Buffer | undefined {
  if (query.length < headerBytes || (query.readUInt8(2) & 0x80) !== 0) return undefined
  const operation = (query.readUInt8(2) >>> 3) & 0x0f
  if (operation !== 0) return written(query, undefined, nothing(codes.notImplemented))
  const question = readQuestion(query)
  if (!question) return written(query, undefined, nothing(codes.unreadable))
  const verdict = decide(question, table, pick)
  const whole = written(query, question, verdict)
  if (!isDatagram || whole.length <= datagramBytesMax) return whole
  // Truncated: the client asks again over TCP.
  const short = written(query, question, nothing(codes.ok))
  short.writeUInt8(short.readUInt8(2) | 0x02, 2)
  return short
}

function nothing(code: number): Verdict {
  return { code, answers: [] }
}

function readQuestion(query: Buffer): Question | undefined {
  if (query.readUInt16BE(4) !== 1) return undefined
  const labels: string[] = []
  let at = headerBytes
  for (;;) {
    const length = query[at]
    // A question has nothing before it that it could point at.
    if (length === undefined || length > 63) return undefined
    at++
    if (length === 0) break
    if (at + length > query.length) return undefined
    labels.push(query.toString('latin1', at, at + length).toLowerCase())
    at += length
  }
  if (at + 4 > query.length || at - headerBytes > 255) return undefined
  return {
    name: labels.join('.'),
    type: query.readUInt16BE(at),
    class: query.readUInt16BE(at + 2),
    bytes: query.subarray(headerBytes, at + 4),
  }
}

function decide(question: Question, table: NameTable, pick: (count: number) => number): Verdict {
  const { name, type } = question
  if (question.class !== internet || !table.owns(name)) return nothing(codes.refused)
  if (name.endsWith(reverseSuffix)) return reverseVerdict(name, type, table)
  const entry = table.addresses(name)
  if (!entry) return nothing(codes.noSuchName)
  if (type !== types.a && type !== types.any) return nothing(codes.ok)
  const { addresses, seconds } = entry
  const from = addresses.length === 0 ? 0 : pick(addresses.length)
  const turned = [...addresses.slice(from), ...addresses.slice(0, from)]
  return {
    code: codes.ok,
    answers: turned.map((address) =>
      recordOf(types.a, seconds, Buffer.from(address.split('.').map(Number))),
    ),
  }
}

function reverseVerdict(name: string, type: number, table: NameTable): Verdict {
  const address = name.slice(0, -reverseSuffix.length).split('.').toReversed().join('.')
  const found = table.nameOf(address)
  if (found === undefined) return nothing(codes.noSuchName)
  if (type !== types.ptr && type !== types.any) return nothing(codes.ok)
  return { code: codes.ok, answers: [recordOf(types.ptr, 60, nameBytes(found))] }
}

function nameBytes(name: string): Buffer {
  const labels = name.split('.').map((label) => {
    const text = Buffer.from(label, 'latin1')
    return Buffer.concat([Buffer.from([text.length]), text])
  })
  return Buffer.concat([...labels, Buffer.from([0])])
}

/** A record of the name in the question, which begins right after the header. */
function recordOf(type: number, seconds: number, content: Buffer): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc000 | headerBytes, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt16BE(internet, 4)
  head.writeUInt32BE(seconds, 6)
  head.writeUInt16BE(content.length, 10)
  return Buffer.concat([head, content])
}

/** How long "there is no such name" may be remembered: machines come and go. */
const negativeSeconds = 5

/** Without one, resolvers would not know how long to remember that there is nothing. */
function authority(): Buffer {
  const numbers = Buffer.alloc(20)
  for (const [index, value] of [1, 60, 60, 60, negativeSeconds].entries()) {
    numbers.writeUInt32BE(value, index * 4)
  }
  const root = Buffer.from([0])
  return recordOf(types.soa, negativeSeconds, Buffer.concat([root, root, numbers]))
}

function written(query: Buffer, question: Question | undefined, verdict: Verdict): Buffer {
  const { code, answers } = verdict
  const isNegative =
    question !== undefined &&
    answers.length === 0 &&
    (code === codes.ok || code === codes.noSuchName)
  const head = Buffer.alloc(headerBytes)
  query.copy(head, 0, 0, 2)
  const asked = query.readUInt8(2)
  // An answer, by who knows; the operation and the wish for recursion as they came.
  head.writeUInt8(0x84 | (asked & 0x79), 2)
  // Recursion is said to be there, as a VPC's resolver says: clients give up on servers without it.
  head.writeUInt8(0x80 | code, 3)
  head.writeUInt16BE(question ? 1 : 0, 4)
  head.writeUInt16BE(answers.length, 6)
  head.writeUInt16BE(isNegative ? 1 : 0, 8)
  return Buffer.concat([
    head,
    ...(question ? [question.bytes] : []),
    ...answers,
    ...(isNegative ? [authority()] : []),
  ])
}
