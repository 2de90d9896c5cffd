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
export class RequestRefusal extends Error {
  override readonly name = 'RequestRefusal'
  readonly code: RequestRefusalCode

  constructor(code: RequestRefusalCode, message: string) {
    super(message)
    this.code = code
  }
}

export function invalidRequest(message: string): RequestRefusal {
  return new RequestRefusal('ValidationException', message)
}
