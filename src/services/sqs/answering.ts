import { AwsError } from '../../kernel/errors.ts'
import { QueueRefusal } from '../../queue/refusal.ts'
import type { OperationDefinition } from '../../wire/service.ts'
import { refused } from './errors.ts'
import type { SqsDeps } from './service-deps.ts'

/** The operation, with what the engine refuses turned into SQS's errors. */
export function answering<Input, Output>(
  operation: OperationDefinition<Input, Output, SqsDeps>,
): OperationDefinition<Input, Output, SqsDeps> {
  return {
    accepts: operation.accepts,
    async handle(input, request, deps) {
      try {
        return await operation.handle(input, request, deps)
      } catch (thrown) {
        throw asAwsError(thrown)
      }
    },
  }
}

export function asAwsError(thrown: unknown): unknown {
  return thrown instanceof QueueRefusal ? refused(thrown) : thrown
}

/** What a batch says of an entry that failed; rethrows what is not the caller's mistake. */
export function failedEntry(
  id: string,
  thrown: unknown,
): { Id: string; SenderFault: boolean; Code: string; Message: string } {
  const error = asAwsError(thrown)
  if (!(error instanceof AwsError)) throw thrown
  return { Id: id, SenderFault: true, Code: error.code, Message: error.message }
}
