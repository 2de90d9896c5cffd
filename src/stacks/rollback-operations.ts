import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Records, StoredRecord } from '../store/records.ts'
import { moveStack } from './move-stack.ts'
import { resourceEvent, withStatus } from './resource-work.ts'
import { bracketed } from './stack-checks.ts'
import { stackEvent } from './stack-journal.ts'
import type { StackOperations } from './stack-operations.ts'
import { stackResources, type ResourceRecord, type StackRecord } from './stack-records.ts'
import { invalid } from './stack-refusal.ts'
import type { StackStatus } from './stack-status.ts'

type Engine = Pick<EngineContext, 'store' | 'clock'>

/** The ways back of a stack whose operation failed. */
export class RollbackOperations {
  readonly #engine: Engine
  readonly #operations: StackOperations

  constructor(engine: Engine, operations: StackOperations) {
    this.#engine = engine
    this.#operations = operations
  }

  /** Rolls back what was left as it was when it failed. */
  async rollBack(
    scope: Scope,
    request: { readonly nameOrId: string; readonly retainsExceptOnCreate: boolean },
  ): Promise<StackRecord> {
    const found = await this.#operations.need(scope, request.nameOrId, bracketed)
    const { stackId, status } = found.value
    const next = rollbacks[status]
    if (!next) {
      throw invalid(`Stack:${stackId} is in ${status} state and can not be rolled back.`)
    }
    const retains = request.retainsExceptOnCreate ? { retainsExceptOnCreate: true } : {}
    const event = stackEvent(found.value, next, 'User Initiated')
    return moveStack(this.#engine, found, [event], async () => {
      const { statusReason: _, keepsOnFailure: __, ...rest } = found.value
      const { previous } = rest
      const target = next === 'UPDATE_ROLLBACK_IN_PROGRESS' && previous ? { target: previous } : {}
      return { ...rest, ...target, ...retains, status: next }
    })
  }

  /** Tries again to roll back an update whose rollback failed; what is skipped stays as it is and counts as rolled back. */
  async continueRollback(
    scope: Scope,
    nameOrId: string,
    skipped: readonly string[],
  ): Promise<void> {
    const found = await this.#operations.need(scope, nameOrId, bracketed)
    const { stackId, status, uuid } = found.value
    if (status !== 'UPDATE_ROLLBACK_FAILED') {
      throw invalid(
        `Stack:${stackId} is in ${status} state and can not continue rolling back an update.`,
      )
    }
    const records = await this.#engine.store.list(stackResources, scope, { owner: uuid })
    checkSkipped(records, skipped)
    const next = 'UPDATE_ROLLBACK_IN_PROGRESS'
    const events = [
      stackEvent(found.value, next, 'User Initiated'),
      ...records
        .filter(({ value }) => skipped.includes(value.logicalId))
        .map(({ value }) => {
          const { physicalId } = value.current
          return resourceEvent(value, 'UPDATE_COMPLETE', { physicalId, reason: skippedReason })
        }),
    ]
    await moveStack(this.#engine, found, events, async (written) => {
      for (const record of records) await this.#settle(written, record, skipped)
      const { statusReason: _, ...rest } = found.value
      return { ...rest, status: next }
    })
  }

  async #settle(
    records: Records,
    record: StoredRecord<ResourceRecord>,
    skipped: readonly string[],
  ): Promise<void> {
    const { side, before, ...rest } = record.value
    if (skipped.includes(record.value.logicalId)) {
      await records.update(record, withStatus(rest, 'UPDATE_COMPLETE', this.#engine.clock.now()))
    } else if (side) await records.update(record, before ? { ...rest, before } : rest)
  }
}

const skippedReason = 'Resource skipped during rollback'

const rollbacks: Partial<Record<StackStatus, StackStatus>> = {
  CREATE_FAILED: 'ROLLBACK_IN_PROGRESS',
  UPDATE_FAILED: 'UPDATE_ROLLBACK_IN_PROGRESS',
}

function checkSkipped(
  records: readonly StoredRecord<ResourceRecord>[],
  skipped: readonly string[],
): void {
  const failed = records.filter(({ value }) => value.side?.state === 'failed')
  const wrong = skipped.filter((id) => !failed.some(({ value }) => value.logicalId === id))
  if (wrong.length === 0) return
  throw invalid(
    `The resources to skip must be in UPDATE_FAILED state because of the rollback, and in this stack itself: [${wrong.join(', ')}]`,
  )
}
