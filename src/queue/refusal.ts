import { EngineRefusal } from '../kernel/errors.ts'

/** Why the engine does not do what it was asked: the names of SQS's error shapes, or its plain codes where it has none. */
export type QueueRefusalCode =
  | 'InvalidAttributeName'
  | 'InvalidAttributeValue'
  | 'InvalidMessageContents'
  | 'InvalidParameterValue'
  | 'MessageNotInflight'
  | 'MissingParameter'
  | 'OverLimit'
  | 'PurgeQueueInProgress'
  | 'QueueDeletedRecently'
  | 'QueueDoesNotExist'
  | 'QueueNameExists'
  | 'ReceiptHandleIsInvalid'
  | 'ResourceNotFoundException'
  | 'UnsupportedOperation'

/** Thrown by the engine for what its caller got wrong; the service turns it into its own error. */
export class QueueRefusal extends EngineRefusal<QueueRefusalCode> {}

/** What the work gives, or why it was refused. */
export function refusalOr<Result>(work: () => Result): Result | QueueRefusal {
  try {
    return work()
  } catch (thrown) {
    if (thrown instanceof QueueRefusal) return thrown
    throw thrown
  }
}

export function queueDoesNotExist(): QueueRefusal {
  return new QueueRefusal('QueueDoesNotExist', 'The specified queue does not exist.')
}

export function invalidParameter(message: string): QueueRefusal {
  return new QueueRefusal('InvalidParameterValue', message)
}

export function invalidValue(parameter: string, value: unknown, reason: string): QueueRefusal {
  return invalidParameter(
    `Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`,
  )
}

export function missingParameter(parameter: string): QueueRefusal {
  return new QueueRefusal(
    'MissingParameter',
    `The request must contain the parameter ${parameter}.`,
  )
}
