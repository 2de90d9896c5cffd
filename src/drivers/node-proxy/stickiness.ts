import { createHash } from 'node:crypto'
import type { Stickiness } from '../../protocol/gateway.ts'
import { cookieOf, setCookieLine } from './cookies.ts'
import type { RequestHead } from './request-head.ts'
import type { ResponseHead } from './response-head.ts'

/** ALB's own names. The second of a pair is for pages of other sites, which browsers send with `SameSite=None` alone. */
const balancerCookie = 'AWSALB'
const applicationCookie = 'AWSALBAPP-0'
const classicCookie = 'AWSELB'
const groupCookie = 'AWSALBTG'

/**
 * A cookie's value: what it stands for, as a digest, and until when. Every gateway makes the same one of the same target, so
 * that a client keeps its target whichever zone it comes through. Nothing secret is in it, and who forges one merely chooses a target.
 */
function cookieValue(mark: string, expiresAt: number): string {
  return `${mark}.${Math.floor(expiresAt / 1000).toString(36)}`
}

/** The mark of a value that has not expired. */
function markOf(value: string | undefined, now: number): string | undefined {
  const match = /^([A-Za-z0-9_-]+)\.([0-9a-z]{1,10})$/.exec(value ?? '')
  if (match === null || Number.parseInt(match[2]!, 36) * 1000 < now) return undefined
  return match[1]
}

/** What stands for a target, or a group, in cookies. */
export function stickyMark(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url')
}

/** The mark of the target that a request's cookies ask for. */
export function stickyTargetOf(
  head: RequestHead,
  sticky: Stickiness,
  now: number,
): string | undefined {
  if (sticky.type === 'lb_cookie') {
    const name = sticky.isClassic ? classicCookie : balancerCookie
    return markOf(cookieOf(head, name), now)
  }
  // Without the application's own cookie there is no session to keep together.
  if (cookieOf(head, sticky.appCookieName) === undefined) return undefined
  const name = sticky.isClassic ? classicCookie : applicationCookie
  return markOf(cookieOf(head, name), now)
}

/** The lines that bind a client to the target that answered. */
export function stickyTargetLines(
  sticky: Stickiness,
  mark: string,
  answer: ResponseHead,
  now: number,
): string {
  if (sticky.isClassic) return classicLine(sticky, mark, answer, now)
  if (sticky.type === 'lb_cookie') return pairOf(balancerCookie, mark, sticky.lbCookieSeconds, now)
  if (!setsCookie(answer, sticky.appCookieName)) return ''
  const expiresAt = now + sticky.appCookieSeconds * 1000
  const cookie = { name: applicationCookie, value: cookieValue(mark, expiresAt) }
  return setCookieLine(cookie, expiresAt)
}

/** A session's cookie has no end of its own; within it stands one that no browser lives to see. */
const sessionSeconds = 10 * 365 * 86_400

function classicLine(sticky: Stickiness, mark: string, answer: ResponseHead, now: number): string {
  const isApplication = sticky.type === 'app_cookie'
  if (isApplication && !setsCookie(answer, sticky.appCookieName)) return ''
  const seconds = isApplication ? 0 : sticky.lbCookieSeconds
  const expiresAt = now + (seconds || sessionSeconds) * 1000
  const cookie = { name: classicCookie, value: cookieValue(mark, expiresAt) }
  return setCookieLine(cookie, seconds === 0 ? undefined : expiresAt)
}

/** The mark of the group that a request's cookies ask for. */
export function stickyGroupOf(head: RequestHead, now: number): string | undefined {
  return markOf(cookieOf(head, groupCookie), now)
}

export function stickyGroupLines(mark: string, seconds: number, now: number): string {
  return pairOf(groupCookie, mark, seconds, now)
}

function pairOf(name: string, mark: string, seconds: number, now: number): string {
  const expiresAt = now + seconds * 1000
  const value = cookieValue(mark, expiresAt)
  return (
    setCookieLine({ name, value }, expiresAt) +
    setCookieLine({ name: `${name}CORS`, value }, expiresAt, '; SameSite=None')
  )
}

function setsCookie(answer: ResponseHead, name: string): boolean {
  return answer.headers.some(
    ([header, value]) => header.toLowerCase() === 'set-cookie' && value.startsWith(`${name}=`),
  )
}
