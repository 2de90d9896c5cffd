import { classicBalancerArn } from '../../balance/arns.ts'
import type { ClassicBalancer } from '../../balance/classic-records.ts'
import type { Scope } from '../../kernel/scope.ts'
import { Refusal } from '../../network/refusal.ts'
import type { Service } from '../../wire/service.ts'
import type { ElbDeps } from './deps.ts'
import { refused } from './errors.ts'

/** Refuses an access log that its bucket does not take. */
export async function allowLog(
  { balance }: ElbDeps,
  scope: Scope,
  { name, accessLog }: Pick<ClassicBalancer, 'name' | 'accessLog'>,
): Promise<void> {
  if (accessLog?.isEnabled !== true) return
  await balance.accessLogs.allow(scope, accessLog, classicBalancerArn(scope, name))
}

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
