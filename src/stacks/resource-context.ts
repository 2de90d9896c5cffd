import type { Clock } from '../kernel/clock.ts'
import type { Scope } from '../kernel/scope.ts'
import { physicalName, tokenOf, type Making } from './physical-name.ts'
import type { ResourceContext } from './resource-type.ts'
import type { StackRecord } from './stack-records.ts'

/** A resource's operation ended because its stack no longer wants it, not because it failed. */
export class OperationCancelled extends Error {
  override readonly name = 'OperationCancelled'
}

/** The reason of a resource that failed, as it is to be shown: somebody else's words. */
export class ReportedFailure extends Error {
  override readonly name = 'ReportedFailure'
}

/** What was waited for did not come in time. */
export class NotStabilized extends Error {
  override readonly name = 'NotStabilized'
}

/** First pause between two looks, and the longest; it grows by half each time. */
const pauseFirstMilliseconds = 25
const pauseMaxMilliseconds = 1000

export interface ContextParts {
  readonly clock: Clock
  readonly scope: Scope
  readonly stack: Pick<StackRecord, 'uuid' | 'name' | 'stackId'> & {
    readonly target: Pick<StackRecord['target'], 'tags'>
  }
  readonly logicalId: string
  readonly typeName: string
  /** Of the incarnation. */
  readonly number: number
  /** `create`, `update-3`, `remove`: each has a token of its own. */
  readonly purpose: string
  readonly signal: AbortSignal
  started(physicalId: string): Promise<void>
}

/** What a resource type gets to see of its stack. */
export function resourceContext(parts: ContextParts): ResourceContext {
  const { clock, scope, stack, logicalId, number, purpose, signal, typeName } = parts
  const making: Making = { stackUuid: stack.uuid, stackName: stack.name, logicalId, number }
  return {
    scope,
    stackName: stack.name,
    stackId: stack.stackId,
    logicalId,
    ...(typeName.startsWith('Custom::') ? { customType: typeName } : {}),
    token: tokenOf(making, purpose),
    tags: [
      ...stack.target.tags,
      { Key: 'aws:cloudformation:stack-name', Value: stack.name },
      { Key: 'aws:cloudformation:stack-id', Value: stack.stackId },
      { Key: 'aws:cloudformation:logical-id', Value: logicalId },
    ],
    physicalName: (lengthMax) => physicalName(making, lengthMax),
    started: (physicalId) => parts.started(physicalId),
    signal,
    until: (what, timeoutMilliseconds, check) =>
      until({ clock, signal, what, timeoutMilliseconds }, check),
  }
}

interface Wait {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly what: string
  readonly timeoutMilliseconds: number
}

async function until<T>(wait: Wait, check: () => Promise<T | undefined>): Promise<T> {
  const deadline = wait.clock.now() + wait.timeoutMilliseconds
  for (let pause = pauseFirstMilliseconds; ; pause = Math.min(pause * 1.5, pauseMaxMilliseconds)) {
    if (wait.signal.aborted) throw new OperationCancelled('Resource creation cancelled')
    const value = await check()
    if (value !== undefined) return value
    if (wait.clock.now() >= deadline) {
      const seconds = Math.round(wait.timeoutMilliseconds / 1000)
      throw new NotStabilized(`timed out after ${seconds} s waiting for ${wait.what}`)
    }
    await wait.clock.sleep(pause, wait.signal)
  }
}
