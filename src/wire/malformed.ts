/** The bytes are not what the protocol says. Codecs throw it; the wire answers in the protocol's words for it. */
export class Malformed extends Error {
  override readonly name = 'Malformed'
  /** S3 and EC2 have different codes for a body and for a parameter. */
  readonly part: 'body' | 'parameter'

  constructor(message: string, part: 'body' | 'parameter' = 'body') {
    super(message)
    this.part = part
  }
}

/** Gives what `read` gives; what it finds malformed is a parameter, named. */
export function readingParameter<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (thrown) {
    if (thrown instanceof Malformed) throw new Malformed(`${name}: ${thrown.message}`, 'parameter')
    throw thrown
  }
}
