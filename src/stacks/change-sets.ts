import { arnOf } from '../kernel/arn.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify, type StoredRecord } from '../store/records.ts'
import { changeSets, type ChangeSetRecord } from './change-set-records.ts'
import {
  compareChangeSet,
  importing,
  plannedImports,
  type ComparisonContext,
  type NewChangeSet,
} from './compare-change-set.ts'
import type { Family } from './compare-nested.ts'
import { importResources } from './import-resources.ts'
import { insertStack, needRoom } from './new-stack.ts'
import type { PlannedChange } from './plan-changes.ts'
import type { PreparedTarget, TargetContext } from './prepare-target.ts'
import { bracketed, needUpdatable } from './stack-checks.ts'
import type { StackOperations } from './stack-operations.ts'
import { eventsOf, findStack } from './stack-reader.ts'
import { stacks, type StackRecord } from './stack-records.ts'
import { invalid, StackRefusal } from './stack-refusal.ts'

/** The change sets of stacks: what is to be executed is what was shown. */
export class ChangeSets {
  readonly #engine: EngineContext
  readonly #operations: StackOperations
  readonly #context: ComparisonContext

  constructor(engine: EngineContext, operations: StackOperations, typeOf: TargetContext['typeOf']) {
    this.#engine = engine
    this.#operations = operations
    this.#context = { engine, operations, typeOf }
  }

  /** Compared at once: its status is final when this resolves. */
  async create(scope: Scope, request: NewChangeSet): Promise<ChangeSetRecord> {
    checkName(request.name)
    const stack = await this.#stackFor(scope, request)
    const same = (await this.list(scope, stack.uuid)).find(({ name }) => name === request.name)
    if (same) {
      if (request.token !== undefined && same.token === request.token) return same
      throw new StackRefusal(
        'AlreadyExistsException',
        `ChangeSet ${request.name} cannot be created due to a mismatch with existing attribute Name`,
      )
    }
    const family: Family | undefined = request.includesNested
      ? { changeSets: [], reviewed: [], outputs: new Map() }
      : undefined
    const value = await compareChangeSet(this.#context, { scope, stack, request, family })
    await this.#record(scope, value, family)
    return value
  }

  /** One commit, so that none of a family is there without its root. */
  async #record(scope: Scope, value: ChangeSetRecord, family: Family | undefined): Promise<void> {
    const { reviewed = [], changeSets: inner = [] } = family ?? {}
    if (reviewed.length > 0) await needRoom(this.#engine.store, scope, reviewed.length)
    await this.#engine.store.transaction(async (records) => {
      for (const stack of reviewed) await insertStack(records, scope, stack)
      for (const each of [...inner, value]) {
        await records.insert(changeSets, { scope, id: each.uuid, owner: each.stackUuid }, each)
      }
    })
  }

  async #stackFor(scope: Scope, request: NewChangeSet): Promise<StackRecord> {
    const found = await findStack(this.#engine.store, scope, request.stackNameOrId)
    const stack = found?.value.deletedAt === undefined ? found?.value : undefined
    const { stackNameOrId } = request
    if (request.type === 'CREATE') {
      if (!stack) return this.#createStack(scope, request)
      if (stack.status === 'REVIEW_IN_PROGRESS') return stack
      throw invalid(
        `Stack [${stack.name}] already exists and cannot be created again with the changeSet [${request.name}].`,
      )
    }
    if (request.type === 'IMPORT') {
      if (!stack) return this.#createStack(scope, request)
      if (stack.status === 'REVIEW_IN_PROGRESS') return stack
    }
    if (!stack || stack.status === 'REVIEW_IN_PROGRESS') throw invalid(bracketed(stackNameOrId))
    needUpdatable(stack)
    return stack
  }

  /** Checks the request first, so that a broken template leaves no stack behind. */
  async #createStack(scope: Scope, request: NewChangeSet): Promise<StackRecord> {
    const { stackNameOrId: name } = request
    const uuid = '00000000-0000-0000-0000-000000000000'
    const stackId = arnOf('cloudformation', scope, `stack/${name}/${uuid}`)
    const prepared = await this.#operations.check(scope, { stackId, name }, request)
    if (request.type === 'IMPORT') {
      plannedImports(this.#context, request, prepared, newResources(prepared))
    }
    return this.#operations.createForReview(scope, name)
  }

  /** Oldest first. */
  async list(scope: Scope, stackUuid: string): Promise<readonly ChangeSetRecord[]> {
    const found = await this.#engine.store.list(changeSets, scope, { owner: stackUuid })
    const values = found.map(({ value }) => value)
    return values.toSorted((a, b) => a.createdAt - b.createdAt)
  }

  /** By its ARN, or by its name and its stack. */
  async need(
    scope: Scope,
    nameOrId: string,
    stackNameOrId: string | undefined,
  ): Promise<StoredRecord<ChangeSetRecord>> {
    const { store } = this.#engine
    if (nameOrId.startsWith('arn:')) {
      const found = await store.find(changeSets, scope, nameOrId.split('/').at(-1) ?? '')
      if (found?.value.changeSetId === nameOrId) return found
    } else {
      if (stackNameOrId === undefined) {
        throw invalid('StackName must be specified if ChangeSetName is not specified as an ARN.')
      }
      const stack = await findStack(store, scope, stackNameOrId)
      if (!stack) throw invalid(bracketed(stackNameOrId))
      const all = await store.list(changeSets, scope, { owner: stack.value.uuid })
      const found = all.find(({ value }) => value.name === nameOrId)
      if (found) return found
    }
    throw new StackRefusal('ChangeSetNotFound', `ChangeSet [${nameOrId}] does not exist`)
  }

  /** Begins what the change set showed, with those of the stacks inside; the other ones of these stacks are obsolete then. */
  async execute(scope: Scope, request: ExecuteRequest): Promise<void> {
    const found = await this.need(scope, request.nameOrId, request.stackNameOrId)
    const { value } = found
    refuseInner(value, 'executed')
    if (value.executionStatus === 'EXECUTE_COMPLETE' && request.token !== undefined) {
      if (await this.#wasAsked(scope, value, request.token)) return
    }
    const stack = await this.#engine.store.find(stacks, scope, value.stackUuid)
    if (!stack) throw invalid(bracketed(value.stackName))
    const inner = await this.#innerOf(scope, value)
    const areCurrent = await this.#areCurrent(scope, [value, ...inner])
    if (value.executionStatus !== 'AVAILABLE' || !areCurrent) {
      throw new StackRefusal(
        'InvalidChangeSetStatus',
        `ChangeSet [${value.changeSetId}] cannot be executed in its current status of [${statusShown(value)}]`,
      )
    }
    const isNew = stack.value.status === 'REVIEW_IN_PROGRESS'
    if (value.type !== 'CREATE' && !isNew) needUpdatable(stack.value)
    await this.#begin(scope, stack, value, request)
    for (const { uuid, stackUuid } of [value, ...inner]) {
      for (const other of await this.list(scope, stackUuid)) {
        await this.#mark(scope, other.uuid, other.uuid === uuid)
      }
    }
  }

  async #begin(
    scope: Scope,
    stack: StoredRecord<StackRecord>,
    value: ChangeSetRecord,
    { token, doNothingOnFailure, retainsExceptOnCreate }: ExecuteRequest,
  ): Promise<void> {
    const { onStackFailure, type, changeSetId } = value
    if (onStackFailure !== undefined && doNothingOnFailure !== undefined) {
      throw invalid(
        'DisableRollback cannot be specified when OnStackFailure was specified for the change set.',
      )
    }
    const asked = onStackFailure ?? (doNothingOnFailure ? 'DO_NOTHING' : undefined)
    const onFailure = type === 'CREATE' && asked ? asked : stack.value.onFailure
    const prepared = await this.#operations.prepare(scope, stack.value, value.request)
    const target = { ...stack, value: { ...stack.value, onFailure, changeSetId } }
    if (value.imports) {
      const { imports } = value
      await importResources(importing(this.#context), target, { prepared, imports, token })
    } else {
      const { revertsDrift = false } = value
      const doNothing = asked === 'DO_NOTHING'
      const wishes = { doNothingOnFailure: doNothing, retainsExceptOnCreate, revertsDrift }
      await this.#operations.begin(scope, target, { prepared, token, wishes })
    }
  }

  async #wasAsked(scope: Scope, value: ChangeSetRecord, token: string): Promise<boolean> {
    const events = await eventsOf(this.#engine.store, scope, value.stackUuid)
    return events.some((event) => event.token === token)
  }

  /** Whether the stacks are still as they were compared. */
  async #areCurrent(scope: Scope, all: readonly ChangeSetRecord[]): Promise<boolean> {
    for (const { stackUuid, generation } of all) {
      const stack = await this.#engine.store.find(stacks, scope, stackUuid)
      if (stack?.value.generation !== generation) return false
    }
    return true
  }

  async #mark(scope: Scope, uuid: string, isExecuted: boolean): Promise<void> {
    await modify(this.#engine.store, { kind: changeSets, scope, id: uuid }, (value) => ({
      ...value,
      executionStatus: isExecuted ? ('EXECUTE_COMPLETE' as const) : ('OBSOLETE' as const),
    }))
  }

  /** Those of the stacks inside, at any depth, outermost first. */
  async #innerOf(scope: Scope, { nested = [] }: ChangeSetRecord): Promise<ChangeSetRecord[]> {
    const all: ChangeSetRecord[] = []
    for (const { uuid } of nested) {
      const found = await this.#engine.store.find(changeSets, scope, uuid)
      if (found) all.push(found.value, ...(await this.#innerOf(scope, found.value)))
    }
    return all
  }

  /**
   * What was shown of the stack that a resource is, while the stack around it is brought to what its own change set showed; undefined
   * in other operations.
   */
  async shownOf(
    scope: Scope,
    outer: Pick<StackRecord, 'changeSetId' | 'generation'>,
    logicalId: string,
  ): Promise<ChangeSetRecord | undefined> {
    const { store } = this.#engine
    const around = await store.find(changeSets, scope, outer.changeSetId?.split('/').at(-1) ?? '')
    if (!around || around.value.generation + 1 !== outer.generation) return undefined
    const inner = around.value.nested?.find((each) => each.logicalId === logicalId)
    return inner && (await store.find(changeSets, scope, inner.uuid))?.value
  }

  /** A stack that was only reviewed stays, as AWS's does, until it is deleted; those inside it go. */
  async remove(scope: Scope, nameOrId: string, stackNameOrId: string | undefined): Promise<void> {
    try {
      const found = await this.need(scope, nameOrId, stackNameOrId)
      refuseInner(found.value, 'deleted')
      await this.#forgetInner(scope, found.value)
      await this.#engine.store.remove(found)
    } catch (thrown) {
      if (thrown instanceof StackRefusal && thrown.code === 'ChangeSetNotFound') return
      throw thrown
    }
  }

  /** Innermost first, so that a call that was cut off can be made again. */
  async #forgetInner(scope: Scope, value: ChangeSetRecord): Promise<void> {
    const { store } = this.#engine
    for (const { uuid, stackUuid, stackId } of (await this.#innerOf(scope, value)).toReversed()) {
      const others = (await this.list(scope, stackUuid)).filter((other) => other.uuid !== uuid)
      const stack = await store.find(stacks, scope, stackUuid)
      if (stack?.value.status === 'REVIEW_IN_PROGRESS' && others.length === 0) {
        await this.#operations.remove(scope, { nameOrId: stackId, retain: [], token: undefined })
      }
      const found = await store.find(changeSets, scope, uuid)
      if (found) await store.remove(found)
    }
  }

  /** The stacks that were only reviewed for change sets of a stack go with it; nothing, for one that stays. */
  async forgetReviewed(scope: Scope, stackUuid: string): Promise<void> {
    const stack = await this.#engine.store.find(stacks, scope, stackUuid)
    if (stack && !stack.value.status.startsWith('DELETE')) return
    for (const value of await this.list(scope, stackUuid)) await this.#forgetInner(scope, value)
  }
}

interface ExecuteRequest {
  readonly nameOrId: string
  readonly stackNameOrId: string | undefined
  readonly token: string | undefined
  /** Undefined: as the change set says. */
  readonly doNothingOnFailure: boolean | undefined
  readonly retainsExceptOnCreate: boolean
}

/** A family of change sets is executed and deleted as a whole. */
function refuseInner({ changeSetId, parent }: ChangeSetRecord, verb: string): void {
  if (!parent) return
  throw invalid(
    `ChangeSet [${changeSetId}] is a nested change set: it can only be ${verb} with its root change set [${parent.rootId}].`,
  )
}

/** What a stack that is not there yet would get. */
function newResources({ model }: PreparedTarget): readonly PlannedChange[] {
  return [...model.included].map((logicalId) => ({
    action: 'Add',
    logicalId,
    type: model.template.resources.get(logicalId)?.type ?? '',
    scope: [],
    details: [],
  }))
}

function statusShown({ status, executionStatus }: ChangeSetRecord): string {
  if (status === 'FAILED') return status
  return executionStatus === 'AVAILABLE' ? 'OBSOLETE' : executionStatus
}

function checkName(name: string): void {
  if (name.length <= 128 && /^[a-zA-Z][-a-zA-Z0-9]*$/.test(name)) return
  throw invalid(
    `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
  )
}
