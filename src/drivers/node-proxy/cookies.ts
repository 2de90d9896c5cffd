import { headerOf } from './forward-head.ts'
import type { RequestHead } from './request-head.ts'

/** The value of a cookie that a client sent, without quotes; undefined when it sent none of this name. */
export function cookieOf(head: RequestHead, name: string): string | undefined {
  const line = headerOf(head, 'cookie', '; ')
  if (line === undefined || !line.includes(name)) return undefined
  for (const pair of line.split(';')) {
    const equals = pair.indexOf('=')
    if (equals < 0 || pair.slice(0, equals).trim() !== name) continue
    return pair
      .slice(equals + 1)
      .trim()
      .replace(/^"(.*)"$/, '$1')
  }
  return undefined
}

/** A `Set-Cookie` line for the whole site, with its CR LF; of the browser's session without an end. `more` are attributes that follow a semicolon. */
export function setCookieLine(
  cookie: { readonly name: string; readonly value: string },
  expiresAt: number | undefined,
  more = '',
): string {
  const expires = expiresAt === undefined ? '' : ` Expires=${new Date(expiresAt).toUTCString()};`
  return `Set-Cookie: ${cookie.name}=${cookie.value};${expires} Path=/${more}\r\n`
}
