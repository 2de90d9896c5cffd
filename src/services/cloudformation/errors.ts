import { AwsError } from '../../kernel/errors.ts'
import { TemplateProblem } from '../../stacks/domain/template-problem.ts'
import type { StackRecord } from '../../stacks/stack-records.ts'
import { StackRefusal, type RefusalCode } from '../../stacks/stack-refusal.ts'

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message)
}

export function unsupportedMember(path: string, operation: string): AwsError {
  return validationError(`The parameter ${path} of ${operation} is not supported here.`)
}

export function machineOfAnotherStack(instanceId: string, stackId: string): AwsError {
  return new AwsError('AccessDenied', `${instanceId} is not authorized to access ${stackId}`, {
    status: 403,
  })
}

export function invalidNextToken(): AwsError {
  return validationError('The NextToken value is not valid.')
}

export function resourceNotFound(logicalId: string, stackName: string): AwsError {
  return validationError(`Resource ${logicalId} does not exist for stack ${stackName}`)
}

export function noStackOfResource(physicalId: string): AwsError {
  return validationError(`Stack for ${physicalId} does not exist`)
}

export function typeNotFound(name: string): AwsError {
  return new AwsError('TypeNotFoundException', `The type ${name} does not exist.`)
}

export function notImported(name: string): AwsError {
  return validationError(`Export '${name}' is not imported by any stack.`)
}

export function roleNotAssumable(roleArn: string): AwsError {
  return validationError(`Role ${roleArn} is invalid or cannot be assumed`)
}

export function bothRollbackForms(): AwsError {
  return validationError('You can specify either OnFailure or DisableRollback, but not both.')
}

/** The reason of a resource that is a stack which did not come to be what it was to be. */
export function embeddedStackFailed(
  stack: Pick<StackRecord, 'stackId' | 'status' | 'statusReason'>,
  verb: 'created' | 'updated' | 'deleted',
): AwsError {
  const { stackId, status, statusReason } = stack
  return validationError(
    `Embedded stack ${stackId} was not successfully ${verb}: ${statusReason ?? `it is ${status}`}`,
  )
}

/** The model's shapes of the engine's refusals; the wire finds code and status by them. */
const shapes: Readonly<Record<RefusalCode, string>> = {
  ValidationError: 'ValidationError',
  AlreadyExistsException: 'AlreadyExistsException',
  InsufficientCapabilitiesException: 'InsufficientCapabilitiesException',
  LimitExceededException: 'LimitExceededException',
  TokenAlreadyExistsException: 'TokenAlreadyExistsException',
  ChangeSetNotFound: 'ChangeSetNotFoundException',
  InvalidChangeSetStatus: 'InvalidChangeSetStatusException',
}

/** What the engine threw, in the caller's terms; anything else stays what it is. */
export function asAwsError(thrown: unknown): unknown {
  if (thrown instanceof TemplateProblem) return validationError(thrown.message)
  if (thrown instanceof StackRefusal) return new AwsError(shapes[thrown.code], thrown.message)
  return thrown
}
