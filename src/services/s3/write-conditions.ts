import type { WriteConditions } from '../../objects/versions.ts'
import { invalidArgument } from './errors.ts'

/** `If-None-Match` of a write knows only `*`. */
export function writeConditions(input: {
  readonly IfMatch?: string | undefined
  readonly IfNoneMatch?: string | undefined
}): WriteConditions {
  const { IfMatch, IfNoneMatch } = input
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*') {
    throw invalidArgument('If-None-Match', IfNoneMatch, 'If-None-Match of a write must be *')
  }
  return {
    ...(IfMatch === undefined ? {} : { ifMatch: IfMatch }),
    ...(IfNoneMatch === undefined ? {} : { ifNoneMatch: IfNoneMatch }),
  }
}
