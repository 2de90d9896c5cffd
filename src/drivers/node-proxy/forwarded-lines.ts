import { randomBytes } from 'node:crypto'
import type { HttpBehaviour, ListenerSpec } from '../../protocol/gateway.ts'
import { headerOf } from './forward-head.ts'
import type { RequestHead } from './request-head.ts'
import type { Client } from './route.ts'

export const behaviourDefault: HttpBehaviour = {
  forwardedFor: 'append',
  hasClientPort: false,
  dropsInvalidHeaders: false,
  clientKeepAliveSeconds: 3600,
}

/** A client's own headers that we write anew. */
const rewritten = ['x-forwarded-proto', 'x-forwarded-port', 'x-amzn-trace-id']
const withoutFor: ReadonlySet<string> = new Set([...rewritten, 'x-forwarded-for'])
const withFor: ReadonlySet<string> = new Set(rewritten)

const tlsNames = ['x-amzn-tls-version', 'x-amzn-tls-cipher-suite']
const withoutTls: ReadonlySet<string> = new Set([...withoutFor, ...tlsNames])
const withForWithoutTls: ReadonlySet<string> = new Set([...withFor, ...tlsNames])

export function omittedHeaders({ forwardedFor, tellsTls }: HttpBehaviour): ReadonlySet<string> {
  if (tellsTls === true) return forwardedFor === 'preserve' ? withForWithoutTls : withoutTls
  return forwardedFor === 'preserve' ? withFor : withoutFor
}

/** The lines that tell a target who asked, and how. */
export function forwardedLines(head: RequestHead, client: Client, listener: ListenerSpec): string {
  const behaviour = listener.http ?? behaviourDefault
  return (
    forwardedForLine(head, client, behaviour) +
    `X-Forwarded-Proto: ${listener.protocol}\r\nX-Forwarded-Port: ${listener.port}\r\n` +
    `X-Amzn-Trace-Id: ${traceId(headerOf(head, 'x-amzn-trace-id'))}\r\n` +
    (behaviour.tellsTls === true ? tlsLines(client) : '')
  )
}

/** In OpenSSL's words, as ALB has them. */
function tlsLines({ secured }: Client): string {
  const version = secured?.getProtocol()
  if (secured === undefined || typeof version !== 'string') return ''
  return `X-Amzn-Tls-Version: ${version}\r\nX-Amzn-Tls-Cipher-Suite: ${secured.getCipher().name}\r\n`
}

function forwardedForLine(head: RequestHead, client: Client, behaviour: HttpBehaviour): string {
  if (behaviour.forwardedFor !== 'append') return ''
  const before = headerOf(head, 'x-forwarded-for')
  const own = behaviour.hasClientPort ? `${client.address}:${client.port}` : client.address
  return `X-Forwarded-For: ${before === undefined ? own : `${before}, ${own}`}\r\n`
}

/** `Root=1-…` made here when there is none; a client's own root stays and we add ourselves, as ALB does. */
function traceId(before: string | undefined): string {
  if (before === undefined) return `Root=${traceNode()}`
  if (before.includes('Root=')) return `Self=${traceNode()};${before}`
  return `Root=${traceNode()};${before}`
}

/** Hexadecimal digits, 24 for each request. */
let tracePool = ''
let tracePlace = 0
let traceSecond = 0
let traceTime = ''

/** Random bytes are drawn for many requests at once: one call to the kernel costs as much as a request's whole head. */
function traceNode(): string {
  if (tracePlace === tracePool.length) {
    tracePool = randomBytes(12 * 256).toString('hex')
    tracePlace = 0
  }
  const unique = tracePool.slice(tracePlace, tracePlace + 24)
  tracePlace += 24
  const seconds = Math.floor(Date.now() / 1000)
  if (seconds !== traceSecond) {
    traceSecond = seconds
    traceTime = seconds.toString(16).padStart(8, '0')
  }
  return `1-${traceTime}-${unique}`
}
