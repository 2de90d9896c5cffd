import { TopicRefusal } from '../../topics/refusal.ts'
import type { OperationDefinition } from '../../wire/service.ts'
import { refused } from './errors.ts'
import type { SnsDeps } from './service-deps.ts'

/** The operation, with what the engine refuses turned into SNS's errors. */
export function answering<Input, Output>(
  operation: OperationDefinition<Input, Output, SnsDeps>,
): OperationDefinition<Input, Output, SnsDeps> {
  return {
    accepts: operation.accepts,
    handle: (input, request, deps) => answered(operation.handle(input, request, deps)),
  }
}

export async function answered<R>(work: Promise<R>): Promise<R> {
  try {
    return await work
  } catch (thrown) {
    throw asAwsError(thrown)
  }
}

export function asAwsError(thrown: unknown): unknown {
  return thrown instanceof TopicRefusal ? refused(thrown) : thrown
}
