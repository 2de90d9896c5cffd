export type StackStatus =
  | 'REVIEW_IN_PROGRESS'
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'CREATE_FAILED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_COMPLETE'
  | 'ROLLBACK_FAILED'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_FAILED'
  | 'UPDATE_ROLLBACK_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE'
  | 'UPDATE_ROLLBACK_FAILED'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_COMPLETE'
  | 'DELETE_FAILED'
  | 'IMPORT_IN_PROGRESS'
  | 'IMPORT_COMPLETE'
  | 'IMPORT_ROLLBACK_IN_PROGRESS'
  | 'IMPORT_ROLLBACK_COMPLETE'

export type ResourceStatus =
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'CREATE_FAILED'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_FAILED'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_COMPLETE'
  | 'DELETE_FAILED'
  | 'DELETE_SKIPPED'
  | 'IMPORT_IN_PROGRESS'
  | 'IMPORT_COMPLETE'

/** What an operation under way does now: make the target so, undo changes, remove everything, or remove what is left over. */
export type Phase = 'apply' | 'restore' | 'remove' | 'clean'

/** The statuses in which a reconciler works; in every other one the stack rests. */
const phases: Partial<Record<StackStatus, Phase>> = {
  CREATE_IN_PROGRESS: 'apply',
  ROLLBACK_IN_PROGRESS: 'remove',
  UPDATE_IN_PROGRESS: 'apply',
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: 'clean',
  UPDATE_ROLLBACK_IN_PROGRESS: 'restore',
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: 'clean',
  DELETE_IN_PROGRESS: 'remove',
}

export function phaseOf(status: StackStatus): Phase | undefined {
  return phases[status]
}
