import { Refusal } from '../../network/refusal.ts'
import type { Service } from '../../wire/service.ts'
import { refused } from './errors.ts'

/** Turns the engine's refusals into the face's errors. */
export async function guarded<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work()
  } catch (thrown) {
    throw thrown instanceof Refusal ? refused(thrown) : thrown
  }
}

/** The service with every operation guarded. */
export function guardedService(service: Service): Service {
  const operations = new Map(
    [...service.operations].map(([name, operation]) => [
      name,
      {
        accepts: operation.accepts,
        handle: (...call: Parameters<typeof operation.handle>) =>
          guarded(() => operation.handle(...call)),
      },
    ]),
  )
  return { ...service, operations }
}
