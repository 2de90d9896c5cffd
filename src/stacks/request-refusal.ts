import { EngineRefusal } from '../kernel/errors.ts'

/** The caller's mistakes that Cloud Control answers at once, by its own error codes. */
export type RequestRefusalCode =
  | 'ClientTokenConflictException'
  | 'ConcurrentModificationException'
  | 'ConcurrentOperationException'
  | 'NotUpdatableException'
  | 'RequestTokenNotFoundException'
  | 'ResourceNotFoundException'
  | 'TypeNotFoundException'
  | 'UnsupportedActionException'
  | 'ValidationException'

/** Thrown by the engine; the Cloud Control face turns it into the error of its protocol. */
export class RequestRefusal extends EngineRefusal<RequestRefusalCode> {}

export function invalidRequest(message: string): RequestRefusal {
  return new RequestRefusal('ValidationException', message)
}
