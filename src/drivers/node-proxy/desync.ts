import type { HttpBehaviour } from '../../protocol/gateway.ts'

/** How far a request is from RFC 7230, and why, in Elastic Load Balancing's words. */
export type Classification = readonly [kind: 'Acceptable' | 'Ambiguous' | 'Severe', reason: string]

/** `close`: it goes on, and neither the client's connection nor the target's serves another request. */
export type Verdict = 'pass' | 'close' | 'refuse'

/**
 * What a mode does with a request that has one meaning all the same
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#desync-mitigation-mode). A body
 * where none is usual is read alike by whoever reads it; what had to be mended ends its connection in every mode.
 */
export function verdictOn(
  mode: HttpBehaviour['desyncMode'],
  [kind, reason]: Classification,
): Verdict {
  if (kind === 'Severe' || mode === 'strictest') return 'refuse'
  if (kind === 'Acceptable') return 'pass'
  return mode === 'monitor' && reason.startsWith('Undefined') ? 'pass' : 'close'
}

const refused: Readonly<Record<string, Classification>> = {
  'Content-Length beside Transfer-Encoding': ['Ambiguous', 'BothTeClPresent'],
  'several Transfer-Encoding headers': ['Severe', 'MultipleTransferEncodingChunked'],
  'Transfer-Encoding in HTTP/1.0': ['Ambiguous', 'UndefinedTransferEncodingSemantics'],
  'unsupported Transfer-Encoding': ['Severe', 'BadTransferEncoding'],
  'several Content-Length headers': ['Severe', 'MultipleContentLength'],
  'malformed Content-Length': ['Severe', 'BadContentLength'],
  'malformed header': ['Severe', 'BadHeader'],
  'malformed method': ['Severe', 'BadMethod'],
  'malformed target': ['Severe', 'BadUri'],
  'HTTP version not supported': ['Severe', 'BadVersion'],
}

/** What ELB calls a head that has no one meaning, and was refused for this reason; undefined when it has no name for it. */
export function classificationOf(reason: string | undefined): Classification | undefined {
  return reason !== undefined && Object.hasOwn(refused, reason) ? refused[reason] : undefined
}

/** What framing and fields make of a head that can be read; the first that is true, from the gravest on. */
export function classify(of: {
  readonly method: string
  readonly lengths: readonly string[]
  readonly hasEncoding: boolean
  readonly hasSuspicious: boolean
  readonly hasOddText: boolean
}): Classification | undefined {
  const { lengths, hasEncoding } = of
  if (hasEncoding && lengths.length > 0) return ['Ambiguous', 'BothTeClPresent']
  if (lengths.length > 1) return ['Ambiguous', 'DuplicateContentLength']
  if (of.hasSuspicious) return ['Ambiguous', 'SuspiciousHeader']
  if (of.method === 'GET' || of.method === 'HEAD') {
    if (hasEncoding) return ['Ambiguous', 'UndefinedTransferEncodingSemantics']
    if (lengths.length > 0) {
      return /^0+$/.test(lengths[0] ?? '')
        ? ['Acceptable', 'GetHeadZeroContentLength']
        : ['Ambiguous', 'UndefinedContentLengthSemantics']
    }
  }
  return of.hasOddText ? ['Acceptable', 'NonCompliantHeader'] : undefined
}

/** Names of Content-Length and Transfer-Encoding as another reader might write them: `Transfer_Encoding`. */
export function isSuspicious(name: string): boolean {
  if (name.length < 13) return false
  const first = name.charCodeAt(0) | 0x20
  // Most names begin with another letter.
  if (first >= 0x61 && first <= 0x7a && first !== 0x63 && first !== 0x74) return false
  const letters = name.replaceAll(/[^A-Za-z]/g, '').toLowerCase()
  if (letters === 'contentlength') return name.toLowerCase() !== 'content-length'
  return letters === 'transferencoding' && name.toLowerCase() !== 'transfer-encoding'
}

const oddText = /[\x80-\xff]/g

/** Whether a text has a character beyond ASCII from `start` on. */
export function hasOddText(text: string, start: number): boolean {
  oddText.lastIndex = start
  const isFound = oddText.test(text)
  oddText.lastIndex = 0
  return isFound
}
