import type { Session } from '../../identity/records.ts'
import { validationError } from './errors.ts'

export function credentialsShape(session: Session) {
  return {
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: session.secretAccessKey,
    SessionToken: session.sessionToken,
    Expiration: new Date(session.expiresAt),
  }
}

/** AWS's bounds: from 15 minutes on. */
export function checkDuration(seconds: number, secondsMax: number): number {
  if (!Number.isInteger(seconds) || seconds < 900) {
    throw validationError(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: ` +
        'Member must have value greater than or equal to 900',
    )
  }
  if (seconds > secondsMax) {
    throw validationError(
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
  }
  return seconds
}
