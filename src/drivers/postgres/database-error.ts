import { DriverError, reasonOf } from '../../kernel/errors.ts'

/** SQLSTATE of a serialization failure or a deadlock: the transaction may run again. */
export function isConflict(thrown: unknown): boolean {
  const code = codeOf(thrown)
  return code === '40001' || code === '40P01'
}

/** The connection broke or the server is going away; what was asked may or may not have happened. */
const unavailable = /^(08|57P)/
const insufficientResources = /^53/
const brokenSocket = new Set(['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])

/** What PostgreSQL threw, in our words. Errors of other kinds come back as they are. */
export function databaseError(doing: string, thrown: unknown): unknown {
  const code = codeOf(thrown)
  if (thrown instanceof DriverError) return thrown
  if (code === '53100') {
    return new DriverError(`the disk of the database is full: ${doing}`, {
      retryable: true,
      cause: thrown,
    })
  }
  const isBroken =
    (code === undefined && /^(Connection terminated|timeout exceeded)/.test(reasonOf(thrown))) ||
    (code !== undefined &&
      (unavailable.test(code) || insufficientResources.test(code) || brokenSocket.has(code)))
  if (isBroken) {
    return new DriverError(`the database does not answer: ${doing}: ${reasonOf(thrown)}`, {
      retryable: true,
      cause: thrown,
    })
  }
  return thrown
}

function codeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined
  return typeof thrown.code === 'string' ? thrown.code : undefined
}
