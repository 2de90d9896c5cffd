import type { FoundObject } from '../../objects/object-store.ts'
import { unquoted } from '../../objects/versions.ts'
import { notModified, preconditionFailed } from './errors.ts'

export interface ReadConditions {
  readonly IfMatch?: string | undefined
  readonly IfNoneMatch?: string | undefined
  readonly IfModifiedSince?: Date | undefined
  readonly IfUnmodifiedSince?: Date | undefined
}

/** In the order of RFC 9110 §13.2.2. `onUnchanged` makes the error for "nothing new": 304 for reads, 412 for copies. */
export function checkReadConditions(
  conditions: ReadConditions,
  { version, content }: FoundObject,
  onUnchanged: () => Error = notModified,
): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions
  // HTTP dates have whole seconds.
  const modified = Math.floor(version.lastModified / 1000)
  if (IfMatch !== undefined) {
    if (!names(IfMatch, content.etag)) throw preconditionFailed('If-Match')
  } else if (IfUnmodifiedSince && modified > secondsOf(IfUnmodifiedSince)) {
    throw preconditionFailed('If-Unmodified-Since')
  }
  if (IfNoneMatch !== undefined) {
    if (names(IfNoneMatch, content.etag)) throw onUnchanged()
  } else if (IfModifiedSince && modified <= secondsOf(IfModifiedSince)) {
    throw onUnchanged()
  }
}

function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}

function names(header: string, etag: string): boolean {
  return header.split(',').some((one) => one.trim() === '*' || unquoted(one.trim()) === etag)
}
