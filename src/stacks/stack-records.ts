import type { Tag } from '../kernel/tags.ts'
import type { RollbackTriggers } from './domain/rollback-triggers.ts'
import { kindOf } from '../store/records.ts'
import type { SignalWish } from './domain/signal-policy.ts'
import type { DeletionPolicy } from './domain/template.ts'
import type { ResourceStatus, StackStatus } from './stack-status.ts'

/** What a stack is to be: everything that its template is evaluated with. */
export interface StackTarget {
  /** Of the record that holds the template's body. */
  readonly templateId: string
  readonly description?: string
  readonly parameters: Readonly<Record<string, string>>
  /** What parameters of SSM types stand for: the stored values, as they were when the operation began. */
  readonly resolved?: Readonly<Record<string, string>>
  /** Names of parameters whose values are not shown (NoEcho). */
  readonly hidden: readonly string[]
  /** Zones by region, as they were when the operation began: every evaluation sees the same. */
  readonly zones: Readonly<Record<string, readonly string[]>>
  /** Values of the exports that the template imports, as they were then. Absent: none. */
  readonly imports?: Readonly<Record<string, string>>
  /** The endpoint's host as the caller named it: addresses of nested templates are ours by it. */
  readonly endpointHost?: string
  readonly tags: readonly Tag[]
  readonly capabilities: readonly string[]
  /** The role that the caller handed to CloudFormation. */
  readonly roleArn?: string
  /** Topics that are told of every event. Absent: none. */
  readonly notificationArns?: readonly string[]
  readonly rollback?: RollbackTriggers
}

export type OnFailure = 'ROLLBACK' | 'DELETE' | 'DO_NOTHING'

/** One stack. Its record's id is `uuid`; it stays after the stack was deleted. */
export interface StackRecord {
  readonly uuid: string
  /** The ARN. */
  readonly stackId: string
  readonly name: string
  readonly status: StackStatus
  readonly statusReason?: string
  readonly createdAt: number
  /** When the create operation began; later than `createdAt` for a stack that a change set made. */
  readonly startedAt: number
  readonly updatedAt?: number
  readonly deletedAt?: number
  /** Grows with each create and update; resources made under it carry it. 0: only reviewed so far. */
  readonly generation: number
  readonly target: StackTarget
  /** What an update under way rolls back to. */
  readonly previous?: StackTarget
  readonly onFailure: OnFailure
  readonly timeoutMinutes?: number
  readonly isProtected: boolean
  /** The caller's token of the operation that came last, and what it was. */
  readonly token?: { readonly value: string; readonly operation: 'create' | 'update' | 'delete' }
  /** Logical ids that the deletion under way leaves alone. */
  readonly retain?: readonly string[]
  readonly isCancelled?: boolean
  /** Since when everything is there and only the alarms are looked at. */
  readonly monitoringSince?: number
  /** The update under way stays as it is when it fails. */
  readonly keepsOnFailure?: boolean
  /** The update under way compares with what is there, not with what the stack made. */
  readonly revertsDrift?: boolean
  /** What the operation under way made goes when it is undone, even what is to be retained. */
  readonly retainsExceptOnCreate?: boolean
  /** The stack policy, as it was given. */
  readonly policy?: string
  /** The one that holds for the update under way. */
  readonly policyNow?: string
  readonly outputs: readonly StackOutput[]
  readonly eventCount: number
  readonly changeSetId?: string
  /** How it was when somebody asked for its drift last. */
  readonly drift?: { readonly status: 'DRIFTED' | 'IN_SYNC'; readonly at: number }
  /** Of a nested stack: the stack whose resource it is, and the outermost one. */
  readonly parent?: { readonly stackId: string; readonly rootId: string }
  /** Of a nested stack that was updated: what its parent goes back to when its own update fails. */
  readonly earlier?: StackTarget
}

export interface StackOutput {
  readonly name: string
  readonly value: string
  readonly description?: string
  readonly exportName?: string
}

/** One making of a resource. A replacement is another one, with the number of the generation that made it. */
export interface Incarnation {
  readonly number: number
  /** `making`: create was called and has not answered, so that something may be there whose id is not known. */
  readonly phase: 'making' | 'made' | 'failed'
  readonly physicalId?: string
  readonly ref?: string
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly properties: Readonly<Record<string, unknown>>
  /** Its attributes are not to be shown. */
  readonly isHidden?: boolean
  readonly dependsOn: readonly string[]
  /** The signals without which it is not made. */
  readonly awaits?: AwaitedSignals
  /** When it began to wait for them: everything else of it was made. */
  readonly waitingSince?: number
  /** Its UpdatePolicy, with functions resolved. */
  readonly updatePolicy?: Readonly<Record<string, unknown>>
}

export interface AwaitedSignals extends SignalWish {
  /** Of the signals' records. */
  readonly owner: string
  readonly isHandle: boolean
  /** Their unique ids must be instances'. */
  readonly isFromInstances: boolean
}

/** A logical resource of a stack: id `uuid/logicalId`, owner the stack's uuid. */
export interface ResourceRecord {
  readonly logicalId: string
  readonly type: string
  /** The stack's generation that it was last brought to. */
  readonly generation: number
  readonly status: ResourceStatus
  readonly statusReason?: string
  readonly at: number
  readonly current: Incarnation
  /** While an update runs: what was there before it changed this resource. */
  readonly before?: Incarnation
  /** After a failed update was undone: what it had made, to be cleaned up. */
  readonly surplus?: Incarnation
  /** Work on what this resource was before, while its own status stays what it is. */
  readonly side?: { readonly phase: 'restore' | 'clean'; readonly state: 'working' | 'failed' }
  readonly metadata?: unknown
  /** What the operation under way wants to know again after a crash. */
  readonly memo?: { readonly purpose: string; readonly value: unknown }
  readonly deletionPolicy: DeletionPolicy
  readonly updateReplacePolicy: DeletionPolicy
}

/** id `uuid/sequence`, owner the stack's uuid. */
export interface StackEvent {
  readonly eventId: string
  readonly at: number
  /** The stack's name for its own events. */
  readonly logicalId: string
  readonly physicalId: string
  readonly type: string
  readonly status: StackStatus | ResourceStatus
  readonly reason?: string
  readonly token?: string
}

export const stacks = kindOf<StackRecord>('cloudformation/stack')
/** The uuid of the stack that has a name now; the id is the name. */
export const stackNames = kindOf<{ readonly uuid: string }>('cloudformation/stack-name')
export const stackResources = kindOf<ResourceRecord>('cloudformation/resource')
export const stackEvents = kindOf<StackEvent>('cloudformation/event')
/** Bodies as they were given; owner the stack's uuid. */
export const templateBodies = kindOf<{ readonly body: string }>('cloudformation/template')
