/**
 * The caller's mistake, in AWS's words. Made only by `services/<aws>/errors.ts` and by the wire itself;
 * encoded once, by the wire, in the protocol that the caller speaks.
 *
 * `code` is the error's shape name in the service's model (`QueueDoesNotExist`), or the plain code where the model has no
 * shape (EC2's `InvalidInstanceID.NotFound`, CloudFormation's `ValidationError`). The wire looks up the query code and status.
 */
export class AwsError extends Error {
  readonly code: string
  /** HTTP status; when absent the model's own, else 400. */
  readonly status: number | undefined
  /** Further modelled members of the error shape. */
  readonly fields: Readonly<Record<string, unknown>>

  constructor(
    code: string,
    message: string,
    options: { status?: number; fields?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message)
    this.name = code
    this.code = code
    this.status = options.status
    this.fields = options.fields ?? {}
  }
}

/**
 * The caller's mistake as an engine finds it, in the code and words of the API that faces it. Each engine has a class of its own; the
 * service before it makes an `AwsError` of it.
 */
export class EngineRefusal<Code extends string = string> extends Error {
  readonly code: Code

  constructor(code: Code, message: string) {
    super(message)
    this.name = new.target.name
    this.code = code
  }
}

/**
 * The world's refusal: an engine is down, a command failed, a disk is full. The message says what we did to what.
 * Loops handle it: they back off when it is retryable, else they write it on the resource as its status reason.
 */
export class DriverError extends Error {
  readonly retryable: boolean

  constructor(message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'DriverError'
    this.retryable = options.retryable
  }
}

/** The text of anything that was thrown, for a status reason or a log line. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
