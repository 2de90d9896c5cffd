import type { RuleAction } from '../../protocol/gateway.ts'

type Redirect = RuleAction & { readonly type: 'redirect' }

/** What may stand in HAProxy's log format without meaning anything there. */
const plain = /^[A-Za-z0-9.:_-]+$/

/**
 * The Location of a redirect in HAProxy's log format, when it keeps path and query, as nearly all do; else undefined.
 * `own` is the listener's protocol; its port is filled in by whoever asks.
 */
export function plainRedirect(
  action: Redirect,
  own: 'http' | 'https',
  ownPort = 0,
): string | undefined {
  const isWhole = /^\/?#\{path\}$/.test(action.path) && action.query === '#{query}'
  if (!isWhole) return undefined
  const protocol = action.protocol.replace('#{protocol}', own).toLowerCase()
  const port = action.port.replace('#{port}', String(ownPort))
  const host = action.host === '#{host}' ? '%[req.hdr(host),host_only]' : action.host
  if (host === action.host && !plain.test(host)) return undefined
  if (!/^https?$/.test(protocol) || !/^[0-9]+$/.test(port)) return undefined
  return `${protocol}://${host}:${port}%[pathq]`
}
