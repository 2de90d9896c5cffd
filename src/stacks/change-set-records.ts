import { kindOf } from '../store/records.ts'
import type { PlannedChange } from './plan-changes.ts'
import type { PlannedImport } from './plan-import.ts'
import type { TargetRequest } from './prepare-target.ts'
import type { OnFailure } from './stack-records.ts'

export type ChangeSetType = 'CREATE' | 'UPDATE' | 'IMPORT'

/** A target that was compared with its stack and waits to be executed. id: its uuid, owner: the stack's. */
export interface ChangeSetRecord {
  readonly uuid: string
  readonly changeSetId: string
  readonly name: string
  readonly stackUuid: string
  readonly stackId: string
  readonly stackName: string
  readonly type: ChangeSetType
  readonly description?: string
  readonly createdAt: number
  readonly status: 'CREATE_COMPLETE' | 'FAILED'
  readonly statusReason?: string
  readonly executionStatus: 'AVAILABLE' | 'UNAVAILABLE' | 'EXECUTE_COMPLETE' | 'OBSOLETE'
  readonly token?: string
  /** Of the stack, when it was compared. */
  readonly generation: number
  /** The request, with the body that was read for it, so that execution does what was shown. */
  readonly request: TargetRequest
  readonly parameters: Readonly<Record<string, string>>
  readonly hidden: readonly string[]
  readonly changes: readonly PlannedChange[]
  /** The change sets of the stacks inside its stack, by the logical id of each; absent: they were not asked for. */
  readonly nested?: readonly NestedChangeSet[]
  /** Of such a one: ARNs of the change set around it, and of the outermost one. */
  readonly parent?: { readonly changeSetId: string; readonly rootId: string }
  readonly onStackFailure?: OnFailure
  readonly revertsDrift?: boolean
  /** Of a change set that takes over what is there already. */
  readonly imports?: readonly PlannedImport[]
}

export interface NestedChangeSet {
  readonly logicalId: string
  readonly uuid: string
}

export const changeSets = kindOf<ChangeSetRecord>('cloudformation/change-set')

/** The words that clients look for to tell an empty change set from a broken one. */
export const nothingToDo =
  "The submitted information didn't contain changes. Submit different information to create a change set."

/** Whether a change set found nothing to do. */
export function isUnchanged({ status, statusReason }: ChangeSetRecord): boolean {
  return status === 'FAILED' && statusReason === nothingToDo
}
