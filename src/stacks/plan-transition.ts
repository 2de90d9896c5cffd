import type { OnFailure } from './stack-records.ts'
import type { StackStatus } from './stack-status.ts'

/** How a phase ended. */
export interface PhaseEnd {
  readonly outcome: 'complete' | 'failed'
  /** Logical ids that failed, sorted. */
  readonly failedIds: readonly string[]
  /** Those of them that an update was to add; absent: none. */
  readonly addedIds?: readonly string[]
  /** Why it ended without any of them: a timeout, an output that cannot be computed, the caller's cancellation. */
  readonly reason?: string
}

export interface Transition {
  readonly status: StackStatus
  readonly reason?: string
}

/** Where a stack goes from a status when its phase has ended. AWS's statuses and words. */
export function planTransition(
  status: StackStatus,
  end: PhaseEnd,
  onFailure: OnFailure,
  keepsOnFailure = false,
): Transition | undefined {
  const isComplete = end.outcome === 'complete'
  switch (status) {
    case 'CREATE_IN_PROGRESS':
      return isComplete ? { status: 'CREATE_COMPLETE' } : createFailed(end, onFailure)
    case 'ROLLBACK_IN_PROGRESS':
      if (isComplete) return { status: 'ROLLBACK_COMPLETE' }
      return { status: 'ROLLBACK_FAILED', reason: failedTo('delete', end) }
    case 'DELETE_IN_PROGRESS':
      if (isComplete) return { status: 'DELETE_COMPLETE' }
      return { status: 'DELETE_FAILED', reason: failedTo('delete', end) }
    case 'UPDATE_IN_PROGRESS':
      if (isComplete) return { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' }
      return {
        status: keepsOnFailure ? 'UPDATE_FAILED' : 'UPDATE_ROLLBACK_IN_PROGRESS',
        reason: failedToApply(end),
      }
    case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS':
      if (isComplete) return { status: 'UPDATE_COMPLETE' }
      return {
        status: 'UPDATE_COMPLETE',
        reason: 'Update successful. One or more resources could not be deleted.',
      }
    case 'UPDATE_ROLLBACK_IN_PROGRESS':
      if (isComplete) return { status: 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS' }
      return { status: 'UPDATE_ROLLBACK_FAILED', reason: failedTo('update', end) }
    case 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS':
      return { status: 'UPDATE_ROLLBACK_COMPLETE' }
    case 'REVIEW_IN_PROGRESS':
    case 'CREATE_COMPLETE':
    case 'CREATE_FAILED':
    case 'ROLLBACK_COMPLETE':
    case 'ROLLBACK_FAILED':
    case 'UPDATE_COMPLETE':
    case 'UPDATE_FAILED':
    case 'UPDATE_ROLLBACK_COMPLETE':
    case 'UPDATE_ROLLBACK_FAILED':
    case 'DELETE_COMPLETE':
    case 'DELETE_FAILED':
    case 'IMPORT_IN_PROGRESS':
    case 'IMPORT_COMPLETE':
    case 'IMPORT_ROLLBACK_IN_PROGRESS':
    case 'IMPORT_ROLLBACK_COMPLETE':
      return undefined
  }
}

function createFailed(end: PhaseEnd, onFailure: OnFailure): Transition {
  const reason = failedTo('create', end)
  switch (onFailure) {
    case 'ROLLBACK':
      return { status: 'ROLLBACK_IN_PROGRESS', reason: `${reason}Rollback requested by user.` }
    case 'DELETE':
      return { status: 'DELETE_IN_PROGRESS', reason: `${reason}Delete requested by user.` }
    case 'DO_NOTHING':
      return { status: 'CREATE_FAILED', reason }
  }
}

/** What an update adds fails to be created, the rest to be updated: a sentence each. */
function failedToApply(end: PhaseEnd): string {
  const { failedIds, addedIds = [] } = end
  const others = failedIds.filter((id) => !addedIds.includes(id))
  if (end.reason !== undefined || addedIds.length === 0) return failedTo('update', end)
  const added = failedTo('create', { ...end, failedIds: addedIds })
  return others.length === 0 ? added : added + failedTo('update', { ...end, failedIds: others })
}

/** AWS ends the sentence with a space, whether or not another one follows. */
function failedTo(verb: string, end: PhaseEnd): string {
  if (end.reason !== undefined) return `${end.reason} `
  return `The following resource(s) failed to ${verb}: [${end.failedIds.join(', ')}]. `
}
