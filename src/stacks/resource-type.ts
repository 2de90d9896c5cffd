import type { Scope } from '../kernel/scope.ts'
import type { PropertyTree } from './domain/property-tree.ts'
import type { TargetRequest } from './prepare-target.ts'
import type { StackTarget } from './stack-records.ts'

export type { PropertyTree } from './domain/property-tree.ts'

/** One CloudFormation type. Declared by the service that serves it, one file per type in its `stack-resources/`. */
export interface ResourceType {
  /** `AWS::EC2::Subnet` */
  readonly name: string
  /** Every property that is honoured; a template that names another one fails before anything is made. */
  readonly properties: PropertyTree
  /** Other properties pass as they are. */
  readonly takesAnything?: boolean
  /** What is wrong with properties that look right, in words; values that are not known yet are symbols. */
  readonly problem?: (properties: Properties) => string | undefined
  readonly required: readonly string[]
  /** Names that `Fn::GetAtt` knows; `*` for any, and `Outputs.*` stands for all that begin with `Outputs.`. */
  readonly attributes: readonly string[]
  /** Properties whose change makes a new resource. */
  readonly replaceOn: readonly string[]
  /** `update` may answer with another physical id: another thing is there then, and the old one is removed in the clean-up. */
  readonly replacesItself?: boolean
  /** `update` is called in every update of the stack, even when no property changed: what a property names may have. */
  readonly alwaysUpdates?: boolean
  /** `update` leaves the tags as they were made: new stack tags do not reach it. */
  readonly keepsTags?: boolean
  /** What the stack that the resource is would be asked, for change sets; absent: it is no stack. Values may be pending symbols. */
  readonly nests?: (properties: Properties, outer: OuterTarget) => TargetRequest
  /**
   * It may have a CreationPolicy: it is not made before it was signalled (SignalResource), by ids of instances or by any ids. When the
   * template has one, `create` resolving only means that the wait begins.
   */
  readonly signalledBy?: 'instances' | 'anything'
  /** What it waits for without a CreationPolicy, by its properties: a wait condition and its handle. */
  readonly awaits?: (properties: Properties) => HandleSignals | undefined
  /** The members of an UpdatePolicy that it honours; absent: the type may have none. `update` gets it as `rolling`. */
  readonly updatePolicy?: PropertyTree
  /** Whether its UpdatePolicy makes a new resource of a change that would be made in place without it. */
  readonly policyReplaces?: (
    change: Pick<ResourceChange, 'before' | 'after'>,
    updatePolicy: Properties,
  ) => boolean
  /** Whether the template needs CAPABILITY_IAM, and CAPABILITY_NAMED_IAM when the named property is given. */
  readonly capability?: { readonly nameProperty: string }
  /**
   * Makes the resource and resolves when it can be used. Called again with the same token after a crash: it must then find what it
   * made. `started` reports the physical id as soon as there is one. Throws an `AwsError` (its message becomes the status reason).
   */
  create(properties: Properties, context: ResourceContext): Promise<ResourceState>
  /** Absent: every change replaces. */
  update?(change: ResourceChange, context: ResourceContext): Promise<ResourceState>
  /**
   * What its properties are now, for drift: those that it can tell; undefined when it is gone. The stack's own tags are left out.
   * Absent: it is not checked.
   */
  read?(resource: RemovedResource, context: ResourceContext): Promise<Properties | undefined>
  /** Resolves when it is gone; deleting what is not there succeeds. */
  remove(resource: RemovedResource, context: ResourceContext): Promise<void>
  /** What there is of it, whoever made it; absent: resources of this type are made by stacks only. */
  readonly inventory?: Inventory
}

/** What a nested stack takes over from the one around it. */
export type OuterTarget = Pick<StackTarget, 'tags' | 'capabilities' | 'endpointHost'>

/** All resources of a type, for those who work on one at a time (Cloud Control). */
export interface Inventory {
  /** The property or attribute that holds the physical id: `QueueUrl`. */
  readonly identifier: string
  /** Properties that are taken and never told: passwords. */
  readonly hidden?: readonly string[]
  /** Physical ids, in any order. */
  list(scope: Scope): Promise<readonly string[]>
  /** Its properties and attributes as they are now, those without a value left out; undefined when there is none in the scope. */
  describe(physicalId: string, scope: Scope): Promise<Properties | undefined>
}

export interface ResourceChange {
  readonly physicalId: string
  readonly before: Properties
  readonly after: Properties
  /** A failed update is undone, the one that had this token: back to `after` as it was, not as it would be made now. */
  readonly undoes?: string
  /** When the resource has an UpdatePolicy. */
  readonly rolling?: RollingUpdate
}

/** Signals that a wait condition wants of a handle. */
export interface HandleSignals {
  /** The handle's token: see `Signals.openHandle`. */
  readonly handle: string
  readonly count: number
  readonly timeoutMilliseconds: number
}

/** An update under an UpdatePolicy. */
export interface RollingUpdate {
  /** Coerced to the type's `updatePolicy`. */
  readonly policy: Properties
  /** All that were received for the resource in this operation, by unique id. */
  signals(): Promise<ReadonlyMap<string, 'SUCCESS' | 'FAILURE'>>
  /** What `first` gave when it was asked first, also after a crash. JSON. */
  remember<T>(first: () => Promise<T>): Promise<T>
  /** Writes an event of the resource. */
  report(reason: string): Promise<void>
}

export interface RemovedResource {
  readonly physicalId: string
  readonly properties: Properties
}

/** After all functions are resolved. Numbers and booleans may arrive as text, as templates write them. */
export type Properties = Readonly<Record<string, unknown>>

export interface ResourceState {
  readonly physicalId: string
  /** What `Ref` gives; the physical id when absent. */
  readonly ref?: string
  readonly attributes: Readonly<Record<string, unknown>>
  /** Its attributes are not to be shown. */
  readonly isHidden?: boolean
}

export interface ResourceContext {
  readonly scope: Scope
  readonly stackName: string
  readonly stackId: string
  readonly logicalId: string
  /** What the template calls a custom resource's type: `Custom::Thing`. */
  readonly customType?: string
  /** The same for every attempt at this one resource; use it as the client token. At most 64 characters of [a-z0-9-]. */
  readonly token: string
  /** Stack tags, and the three reserved ones. */
  readonly tags: readonly { readonly Key: string; readonly Value: string }[]
  /** `<stack>-<logical>-<random>`, the same for every attempt, cut to `lengthMax`. */
  physicalName(lengthMax: number): string
  started(physicalId: string): Promise<void>
  readonly signal: AbortSignal
  /** Waits until `check` gives a value; fails after `timeoutMilliseconds` with a reason naming `what`. */
  until<T>(
    what: string,
    timeoutMilliseconds: number,
    check: () => Promise<T | undefined>,
  ): Promise<T>
}
