import { RuleRefusal } from '../../rules/refusal.ts'
import type { OperationDefinition } from '../../wire/service.ts'
import { refused } from './errors.ts'
import type { EventsDeps } from './service-deps.ts'

/** The operation, with what the engine refuses turned into EventBridge's errors. */
export function answering<Input, Output>(
  operation: OperationDefinition<Input, Output, EventsDeps>,
): OperationDefinition<Input, Output, EventsDeps> {
  return {
    accepts: operation.accepts,
    handle: (input, request, deps) => answered(operation.handle(input, request, deps)),
  }
}

export async function answered<R>(work: Promise<R>): Promise<R> {
  try {
    return await work
  } catch (thrown) {
    throw thrown instanceof RuleRefusal ? refused(thrown) : thrown
  }
}
