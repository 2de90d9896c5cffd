import { Cancellation } from './cancellation.ts'
import { incarnationsOf, leftoverOf } from './plan-tasks.ts'
import {
  contextOf,
  incarnationOf,
  made,
  recordOf,
  resourceEvent,
  settle,
  withIncarnation,
  withStatus,
  type WorkContext,
} from './resource-work.ts'
import { resolvedBefore } from './resolve-references.ts'
import type { Incarnation, ResourceRecord } from './stack-records.ts'

/** Removes all that a resource ever made, or leaves it where its policy or the caller says so. */
export async function removeResource(work: WorkContext, logicalId: string): Promise<void> {
  const record = recordOf(work, logicalId)
  if (isRetained(work, record)) return close(work, logicalId, 'DELETE_SKIPPED')
  const incarnations = incarnationsOf(record).filter(mayExist)
  if (incarnations.length === 0) return close(work, logicalId, 'DELETE_COMPLETE')
  if (record.status !== 'DELETE_IN_PROGRESS') {
    const { physicalId } = record.current
    await work.journal.write({
      resources: [begunAt(work, withStatus(record, 'DELETE_IN_PROGRESS', work.clock.now()))],
      events: [resourceEvent(record, 'DELETE_IN_PROGRESS', { physicalId })],
    })
  }
  for (const { number } of incarnations) {
    const reason = await removeIncarnation(work, logicalId, number)
    if (reason !== undefined) return close(work, logicalId, 'DELETE_FAILED', reason)
  }
  return close(work, logicalId, 'DELETE_COMPLETE')
}

/** Removes what a replacement left behind; the resource itself stays as it is. */
export async function removeLeftover(work: WorkContext, logicalId: string): Promise<void> {
  const record = recordOf(work, logicalId)
  const leftover = leftoverOf(record)
  if (!leftover) return
  const { physicalId } = leftover
  const isKept = !record.surplus && record.updateReplacePolicy !== 'Delete'
  if (isKept || !mayExist(leftover)) {
    const status = isKept ? 'DELETE_SKIPPED' : 'DELETE_COMPLETE'
    await work.journal.write({
      resources: [withoutLeftover(record)],
      events: [resourceEvent(record, status, { physicalId })],
    })
    return
  }
  if (record.side?.phase !== 'clean') {
    await work.journal.write({
      resources: [{ ...record, side: { phase: 'clean', state: 'working' } }],
      events: [resourceEvent(record, 'DELETE_IN_PROGRESS', { physicalId })],
    })
  }
  const reason = await removeIncarnation(work, logicalId, leftover.number)
  const now = recordOf(work, logicalId)
  const status = reason === undefined ? 'DELETE_COMPLETE' : 'DELETE_FAILED'
  await work.journal.write({
    resources: [
      reason === undefined
        ? withoutLeftover(now)
        : { ...now, side: { phase: 'clean', state: 'failed' } },
    ],
    events: [resourceEvent(record, status, { physicalId, reason })],
  })
}

function withoutLeftover(record: ResourceRecord): ResourceRecord {
  const { before: _before, surplus: _surplus, side: _side, ...rest } = record
  return rest
}

function mayExist(incarnation: Incarnation): boolean {
  return incarnation.physicalId !== undefined || incarnation.phase === 'making'
}

function isRetained(work: WorkContext, record: ResourceRecord): boolean {
  const { stack } = work.journal
  if (stack.retain?.includes(record.logicalId)) return true
  if (!mayExist(record.current)) return false
  // What the failed operation itself made goes; what was there before it stays.
  const isUndone = stack.status === 'ROLLBACK_IN_PROGRESS' || stack.status.startsWith('UPDATE_ROLL')
  const isNew = record.current.number === stack.generation
  if (record.deletionPolicy === 'Retain') {
    return !(stack.retainsExceptOnCreate === true && isUndone && isNew)
  }
  return record.deletionPolicy === 'RetainExceptOnCreate' && !(isUndone && isNew)
}

/** A failure belongs to the operation that it happened in; the next one tries again. */
function begunAt(work: WorkContext, record: ResourceRecord): ResourceRecord {
  return { ...record, generation: work.journal.stack.generation }
}

async function close(
  work: WorkContext,
  logicalId: string,
  status: 'DELETE_SKIPPED' | 'DELETE_COMPLETE' | 'DELETE_FAILED',
  reason?: string,
): Promise<void> {
  const record = recordOf(work, logicalId)
  const { physicalId } = record.current
  await work.journal.write({
    resources: [begunAt(work, withStatus(record, status, work.clock.now(), reason))],
    events: [resourceEvent(record, status, { physicalId, reason })],
  })
}

/** The reason when it could not be removed. Removing what is not there succeeds, so that this may be done again. */
async function removeIncarnation(
  work: WorkContext,
  logicalId: string,
  number: number,
): Promise<string | undefined> {
  const record = recordOf(work, logicalId)
  const type = work.typeOf(record.type)
  if (!type) return `Resource type ${record.type} is not supported here`
  await findOut(work, logicalId, number)
  const { physicalId, properties } = incarnationOf(recordOf(work, logicalId), number)
  if (physicalId === undefined) return undefined
  const cancellation = new Cancellation(true)
  const context = contextOf(work, { record, number, purpose: 'remove' }, cancellation)
  const settled = await settle(work, cancellation, async () => {
    const known = await resolvedBefore(work, type, { logicalId, properties })
    await type.remove({ physicalId, properties: known }, context)
    return { physicalId, attributes: {} }
  })
  return settled.ok ? undefined : settled.reason
}

/**
 * A server died between calling create and hearing of an id. Create is called again with the same token: it finds what it made, or
 * makes it now; either way there is an id then, and it is stopped there.
 */
async function findOut(work: WorkContext, logicalId: string, number: number): Promise<void> {
  const record = recordOf(work, logicalId)
  const { phase, physicalId, properties } = incarnationOf(record, number)
  const type = work.typeOf(record.type)
  if (phase !== 'making' || physicalId !== undefined || !type) return
  const cancellation = new Cancellation(false)
  cancellation.request()
  const context = contextOf(work, { record, number, purpose: 'create' }, cancellation)
  const settled = await settle(work, cancellation, async () =>
    type.create(await resolvedBefore(work, type, { logicalId, properties }), context),
  )
  const now = recordOf(work, logicalId)
  const change = settled.ok ? made(settled.state) : { phase: 'failed' as const }
  await work.journal.write({ resources: [withIncarnation(now, number, change)] })
}
