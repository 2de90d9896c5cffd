import { EngineRefusal } from '../kernel/errors.ts'

/** The caller's mistakes that a stack operation can answer, by CloudFormation's own error codes. */
export type RefusalCode =
  | 'ValidationError'
  | 'AlreadyExistsException'
  | 'InsufficientCapabilitiesException'
  | 'LimitExceededException'
  | 'TokenAlreadyExistsException'
  | 'ChangeSetNotFound'
  | 'InvalidChangeSetStatus'

/** Thrown by the engine; the CloudFormation face turns it into the error of its protocol. The message is AWS's where it is fixed. */
export class StackRefusal extends EngineRefusal<RefusalCode> {}

const noUpdatesMessage = 'No updates are to be performed.'

/** An update that would change nothing. */
export function noUpdates(): StackRefusal {
  return invalid(noUpdatesMessage)
}

export function isNoUpdates(thrown: unknown): boolean {
  return thrown instanceof StackRefusal && thrown.message === noUpdatesMessage
}

export function invalid(message: string): StackRefusal {
  return new StackRefusal('ValidationError', message)
}

/** Another writer of the stack's record came between: what was asked may be tried again as it is. */
export class StackChanged extends StackRefusal {}
