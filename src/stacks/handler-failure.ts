import { AwsError, DriverError, reasonOf } from '../kernel/errors.ts'
import { TemplateProblem } from './domain/template-problem.ts'
import { NotStabilized, OperationCancelled, ReportedFailure } from './resource-context.ts'

/** Why an operation on a resource failed, by the codes of AWS's resource handlers. */
export interface HandlerFailure {
  readonly code: HandlerCode
  readonly message: string
}

export type HandlerCode =
  | 'AccessDenied'
  | 'AlreadyExists'
  | 'GeneralServiceException'
  | 'InvalidRequest'
  | 'NotFound'
  | 'NotStabilized'
  | 'NotUpdatable'
  | 'ResourceConflict'
  | 'ServiceInternalError'
  | 'ServiceLimitExceeded'
  | 'Throttling'

/** What was thrown, as a code with its message, and as a stack's status reason in AWS's modern form. */
export function handlerFailure(thrown: unknown): {
  readonly reason: string
  readonly failure: HandlerFailure
} {
  const failure = { code: codeOf(thrown), message: reasonOf(thrown) }
  const isPlain = [OperationCancelled, TemplateProblem, ReportedFailure].some(
    (kind) => thrown instanceof kind,
  )
  if (isPlain) return { reason: failure.message, failure }
  const source = thrown instanceof AwsError ? ` (${thrown.code})` : ''
  return {
    reason: `Resource handler returned message: "${failure.message}${source}" (HandlerErrorCode: ${failure.code})`,
    failure,
  }
}

function codeOf(thrown: unknown): HandlerCode {
  if (thrown instanceof NotStabilized) return 'NotStabilized'
  if (thrown instanceof TemplateProblem) return 'InvalidRequest'
  if (thrown instanceof AwsError) return codeOfAws(thrown)
  return thrown instanceof DriverError ? 'ServiceInternalError' : 'GeneralServiceException'
}

function codeOfAws({ code, message }: AwsError): HandlerCode {
  const isThere = /Already|Exists|Duplicate/.test(code) || /already exists/i.test(message)
  if (isThere) return 'AlreadyExists'
  if (/NotFound|NoSuch|DoesNotExist|NonExistent/.test(code)) return 'NotFound'
  if (/AccessDenied|Unauthorized/.test(code)) return 'AccessDenied'
  if (/Throttl/.test(code)) return 'Throttling'
  if (/DependencyViolation|InUse|NotEmpty|DeleteConflict/.test(code)) return 'ResourceConflict'
  return /Limit/.test(code) ? 'ServiceLimitExceeded' : 'InvalidRequest'
}
