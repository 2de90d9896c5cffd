import { LogRefusal } from '../../logs/refusal.ts'
import type { OperationDefinition } from '../../wire/service.ts'
import { refused } from './errors.ts'
import type { LogsServiceDeps } from './service-deps.ts'

/** The operation, with what the engine refuses turned into CloudWatch Logs' errors. */
export function answering<Input, Output>(
  operation: OperationDefinition<Input, Output, LogsServiceDeps>,
): OperationDefinition<Input, Output, LogsServiceDeps> {
  return {
    accepts: operation.accepts,
    handle: (input, request, deps) => answered(operation.handle(input, request, deps)),
  }
}

export async function answered<R>(work: Promise<R>): Promise<R> {
  try {
    return await work
  } catch (thrown) {
    throw thrown instanceof LogRefusal ? refused(thrown) : thrown
  }
}
