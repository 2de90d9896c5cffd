import type { Cancellation } from './cancellation.ts'
import {
  contextOf,
  made,
  recordOf,
  resourceEvent,
  settle,
  withStatus,
  type WorkContext,
} from './resource-work.ts'
import { resolvedBefore, resolveReferences } from './resolve-references.ts'
import { rollingUpdate } from './rolling-update.ts'
import type { Incarnation, ResourceRecord } from './stack-records.ts'

/**
 * Undoes what a failed update did to one resource. A replaced one still has what was there before: it is taken back, and the new one
 * becomes surplus. One that was changed in place is changed back.
 */
export async function restoreResource(
  work: WorkContext,
  logicalId: string,
  cancellation: Cancellation,
): Promise<void> {
  const record = recordOf(work, logicalId)
  const { before } = record
  if (!before) return
  if (record.side?.phase !== 'restore') {
    const { physicalId } = record.current
    await work.journal.write({
      resources: [
        {
          ...withStatus(record, 'UPDATE_IN_PROGRESS', work.clock.now()),
          side: { phase: 'restore', state: 'working' },
        },
      ],
      events: [resourceEvent(record, 'UPDATE_IN_PROGRESS', { physicalId })],
    })
  }
  if (before.number !== record.current.number) {
    return settleRestored(work, record, before, { surplus: record.current })
  }
  const type = work.typeOf(record.type)
  const purpose = `restore-${record.generation}`
  const context = contextOf(work, { record, number: before.number, purpose }, cancellation)
  const update = { record, number: before.number, purpose: `update-${record.generation}` }
  const undone = contextOf(work, update, cancellation)
  // The policy of the template that is gone back to, as on AWS.
  const rolling = rollingUpdate(work, { record, purpose, policy: before.updatePolicy })
  const settled = await settle(work, cancellation, async () => {
    const physicalId = before.physicalId ?? ''
    if (!type?.update) throw new Error(`${record.type} cannot be updated`)
    const now = { logicalId, properties: record.current.properties }
    const after = { logicalId, properties: before.properties }
    return type.update(
      {
        physicalId,
        before: await resolvedBefore(work, type, now),
        after: await resolveReferences(work, type, after),
        undoes: undone.token,
        ...(rolling ? { rolling } : {}),
      },
      context,
    )
  })
  if (settled.ok) {
    const attributes = type?.awaits ? { attributes: before.attributes ?? {} } : {}
    return settleRestored(work, record, { ...before, ...made(settled.state), ...attributes }, {})
  }
  const { physicalId } = before
  const { reason } = settled
  await work.journal.write({
    resources: [
      {
        ...withStatus(recordOf(work, logicalId), 'UPDATE_FAILED', work.clock.now(), reason),
        side: { phase: 'restore', state: 'failed' },
      },
    ],
    events: [resourceEvent(record, 'UPDATE_FAILED', { physicalId, reason })],
  })
}

async function settleRestored(
  work: WorkContext,
  record: ResourceRecord,
  current: Incarnation,
  more: Pick<ResourceRecord, 'surplus'>,
): Promise<void> {
  const { logicalId } = record
  const { before: _before, side: _side, ...rest } = recordOf(work, logicalId)
  await work.journal.write({
    resources: [{ ...withStatus(rest, 'UPDATE_COMPLETE', work.clock.now()), ...more, current }],
    events: [resourceEvent(record, 'UPDATE_COMPLETE', { physicalId: current.physicalId })],
  })
}
