import {
  contentLengthOf,
  isConnectionBound,
  readHeaderLines,
  tokensOf,
  type HeaderList,
} from './header-lines.ts'
import { chunked, untilClose, type Framing } from './framing.ts'

export interface ResponseHead {
  readonly status: number
  readonly reason: string
  /** What may be passed on: no connection-bound headers, no framing. */
  readonly headers: HeaderList
  /** As the headers say; whether there is a body also depends on the request's method. */
  readonly framing: Framing
  /** Of a response without a body (HEAD, 304): what its length would be. */
  readonly declaredLength: number | undefined
  readonly keepAlive: boolean
  /** From `Keep-Alive: timeout=5`, in seconds. */
  readonly keepAliveSeconds: number | undefined
  readonly isWebSocket: boolean
}

const statusLine = /^HTTP\/1\.([01]) ([1-9][0-9]{2})(?: ([\t\x20-\x7e\x80-\xff]*))?\r\n/

/** Reads a head without its final empty line; undefined when it could be read in two ways. */
export function parseResponseHead(text: string): ResponseHead | undefined {
  const line = statusLine.exec(text)
  if (line === null) return undefined
  const lines = readHeaderLines(text, line[0].length)
  if (typeof lines === 'string') return undefined
  const first = valuesOf(lines)
  if (first === undefined) return undefined
  const minor = line[1] === '1' ? 1 : 0
  const framing = framingOf(first, minor)
  if (framing === undefined) return undefined
  const connection = tokensOf(first.connection)
  return {
    status: Number(line[2]),
    reason: line[3] ?? '',
    headers: passedOn(lines, connection),
    framing,
    declaredLength: framing >= 0 ? framing : undefined,
    keepAlive: !connection.includes('close') && (minor === 1 || connection.includes('keep-alive')),
    keepAliveSeconds: keepAliveSecondsOf(first.keepAlive),
    isWebSocket: first.upgrade.toLowerCase() === 'websocket',
  }
}

interface Values {
  length: string | undefined
  encoding: string | undefined
  connection: string
  keepAlive: string
  upgrade: string
}

/** Undefined when a framing header is there twice. */
function valuesOf(lines: HeaderList): Values | undefined {
  const found: Values = {
    length: undefined,
    encoding: undefined,
    connection: '',
    keepAlive: '',
    upgrade: '',
  }
  for (const [name, value] of lines) {
    switch (name.length) {
      case 7:
        if (name.toLowerCase() === 'upgrade') found.upgrade = value
        break
      case 10:
        if (name.toLowerCase() === 'connection') {
          found.connection = found.connection === '' ? value : `${found.connection},${value}`
        } else if (name.toLowerCase() === 'keep-alive') found.keepAlive = value
        break
      case 14:
        if (name.toLowerCase() !== 'content-length') break
        if (found.length !== undefined && found.length !== value) return undefined
        found.length = value
        break
      case 17:
        if (name.toLowerCase() !== 'transfer-encoding') break
        if (found.encoding !== undefined) return undefined
        found.encoding = value
        break
      default:
    }
  }
  return found
}

function framingOf(found: Values, minor: 0 | 1): Framing | undefined {
  if (found.encoding !== undefined) {
    if (found.length !== undefined || minor === 0) return undefined
    return found.encoding.toLowerCase() === 'chunked' ? chunked : undefined
  }
  return found.length === undefined ? untilClose : contentLengthOf(found.length)
}

function keepAliveSecondsOf(value: string): number | undefined {
  if (value === '') return undefined
  const match = /(?:^|[,\s])timeout=([0-9]{1,6})/i.exec(value)
  return match === null ? undefined : Number(match[1])
}

function passedOn(lines: HeaderList, connection: readonly string[]): HeaderList {
  return lines.filter(([name]) => {
    if (isConnectionBound(name)) return false
    return connection.length === 0 || !connection.includes(name.toLowerCase())
  })
}
