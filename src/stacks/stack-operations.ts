import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { RecordExists, type StoredRecord } from '../store/records.ts'
import { compareTarget, type Live, type TargetComparison } from './compare-target.ts'
import {
  prepareTarget,
  type PreparedTarget,
  type TargetContext,
  type TargetRequest,
} from './prepare-target.ts'
import { checkedPolicy, policyDenial } from './domain/stack-policy.ts'
import { dropExports, usedExport } from './exports.ts'
import {
  alreadyExists,
  bracketed,
  checkName,
  isIn,
  needUpdatable,
  tokenTaken,
  withId,
} from './stack-checks.ts'
import { moveStack, untilMoved } from './move-stack.ts'
import { insertStack, needRoom, newStack, reviewedStack, type CreateRequest } from './new-stack.ts'
import { stackEvent } from './stack-journal.ts'
import { findStack, resourcesOf, templateBody } from './stack-reader.ts'
import type { StackRecord } from './stack-records.ts'
import { invalid, noUpdates, StackRefusal } from './stack-refusal.ts'
import { storeTarget } from './store-target.ts'
import type { StackStatus } from './stack-status.ts'
import { wishedOf, type UpdateWishes } from './update-wishes.ts'

export interface UpdateRequest extends TargetRequest, UpdateWishes {
  readonly nameOrId: string
  readonly token: string | undefined
  /** Of the change set that showed it. */
  readonly changeSetId?: string | undefined
}

interface RemoveRequest {
  readonly nameOrId: string
  /** Logical ids. */
  readonly retain: readonly string[]
  readonly token: string | undefined
}

/** The beginnings of stack operations: each checks its request and records what is to be; the reconciler does the rest. */
export class StackOperations {
  readonly #engine: EngineContext
  readonly #targets: TargetContext

  constructor(engine: EngineContext, targets: TargetContext) {
    this.#engine = engine
    this.#targets = targets
  }

  /** The new stack's record; the same one for the same token. */
  async create(scope: Scope, request: CreateRequest): Promise<StackRecord> {
    checkName(request.name)
    const existing = await findStack(this.#engine.store, scope, request.name)
    if (existing) {
      const { token } = existing.value
      if (request.token !== undefined && token?.value === request.token) {
        if (token.operation === 'create') return existing.value
        throw tokenTaken(request.token)
      }
      if (isReviewedFor(existing.value, request))
        return this.#makeReviewed(scope, existing, request)
      throw alreadyExists(request.name)
    }
    const stack = newStack(this.#engine, scope, request)
    const prepared = await this.prepare(scope, stack, request)
    needExpansion(prepared, request)
    return this.#insert(scope, stack, prepared)
  }

  /** A nested stack that a change set showed before. */
  async #makeReviewed(
    scope: Scope,
    found: StoredRecord<StackRecord>,
    request: CreateRequest,
  ): Promise<StackRecord> {
    const { token, onFailure, timeoutMinutes, changeSetId } = request
    const prepared = await this.prepare(scope, found.value, request)
    const value = {
      ...found.value,
      onFailure,
      ...(timeoutMinutes === undefined ? {} : { timeoutMinutes }),
      ...(changeSetId === undefined ? {} : { changeSetId }),
    }
    return this.begin(scope, { ...found, value }, { prepared, token })
  }

  /** A stack that only a change set knows so far. */
  async createForReview(scope: Scope, name: string): Promise<StackRecord> {
    checkName(name)
    return this.#insert(scope, reviewedStack(this.#engine, scope, { name }), undefined)
  }

  async #insert(
    scope: Scope,
    stack: StackRecord,
    prepared: PreparedTarget | undefined,
  ): Promise<StackRecord> {
    await needRoom(this.#engine.store, scope, 1)
    try {
      return await this.#engine.store.transaction((records) =>
        insertStack(records, scope, stack, prepared),
      )
    } catch (thrown) {
      if (thrown instanceof RecordExists) throw alreadyExists(stack.name)
      throw thrown
    }
  }

  /** Checks a request against the stack as it is. */
  async prepare(scope: Scope, stack: StackRecord, request: TargetRequest): Promise<PreparedTarget> {
    const { templateId } = stack.target
    const body = templateId ? await templateBody(this.#engine.store, scope, templateId) : undefined
    const previous = body === undefined ? undefined : { target: stack.target, body }
    return prepareTarget(this.#targets, { ...stack, scope }, request, previous)
  }

  /** Checks a request for a stack that is not there yet. */
  async check(
    scope: Scope,
    stack: Pick<StackRecord, 'stackId' | 'name'>,
    request: TargetRequest,
  ): Promise<PreparedTarget> {
    checkName(stack.name)
    return prepareTarget(this.#targets, { ...stack, scope }, request)
  }

  /** What a target would change in the stack as it is. */
  async compare(
    scope: Scope,
    stack: StackRecord,
    prepared: PreparedTarget,
    found: { readonly unchanged?: ReadonlySet<string>; readonly live?: Live | undefined } = {},
  ): Promise<TargetComparison> {
    const resources = await resourcesOf(this.#engine.store, scope, stack.uuid)
    return compareTarget(this.#targets, { stack, resources, ...found }, prepared)
  }

  /** The stack's record after the update began. Throws `No updates are to be performed.` for none. */
  async update(scope: Scope, request: UpdateRequest): Promise<StackRecord> {
    const found = await this.need(scope, request.nameOrId, bracketed)
    const { token } = found.value
    if (request.token !== undefined && token?.value === request.token) {
      if (token.operation === 'update') return found.value
      throw tokenTaken(request.token)
    }
    needUpdatable(found.value)
    const prepared = await this.prepare(scope, found.value, request)
    const { isEmpty } = await this.compare(scope, found.value, prepared)
    if (isEmpty) throw noUpdates()
    needExpansion(prepared, request)
    const { changeSetId } = request
    const value = changeSetId === undefined ? found.value : { ...found.value, changeSetId }
    const asked = { prepared, token: request.token, wishes: request }
    return this.begin(scope, { ...found, value }, asked)
  }

  /** Begins to bring a stack to a target: the making of one that was reviewed, else an update. */
  async begin(
    scope: Scope,
    stack: StoredRecord<StackRecord>,
    asked: {
      readonly prepared: PreparedTarget
      readonly token: string | undefined
      readonly wishes?: UpdateWishes
    },
  ): Promise<StackRecord> {
    const { prepared, token, wishes = {} } = asked
    const wished = wishedOf(stack.value, wishes)
    await this.#checkRemovals(stack, prepared, wished.policyNow)
    const now = this.#engine.clock.now()
    const isNew = stack.value.status === 'REVIEW_IN_PROGRESS'
    const status: StackStatus = isNew ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS'
    const generation = stack.value.generation + 1
    return this.#move(
      stack,
      [stackEvent(stack.value, status, 'User Initiated')],
      async (records) => {
        const { statusReason: _, token: _token, isCancelled: _isCancelled, ...rest } = wished
        const target = await storeTarget(records, scope, { ...rest, generation }, prepared)
        const operation = isNew ? ('create' as const) : ('update' as const)
        const isUpdate = isNew
          ? { startedAt: now }
          : { previous: stack.value.target, updatedAt: now, ...earlierOf(stack.value) }
        const asked = token === undefined ? {} : { token: { value: token, operation } }
        return { ...rest, ...isUpdate, ...asked, status, generation, target }
      },
    )
  }

  /** Begins to delete a stack. A name that no stack has is deleted already. */
  remove(scope: Scope, request: RemoveRequest): Promise<void> {
    return untilMoved(() => this.#remove(scope, request))
  }

  async #remove(scope: Scope, request: RemoveRequest): Promise<void> {
    const found = await findStack(this.#engine.store, scope, request.nameOrId)
    if (!found || isIn(found.value, ['DELETE_COMPLETE', 'DELETE_IN_PROGRESS'])) return
    const { name, stackId, status } = found.value
    if (found.value.isProtected) {
      throw invalid(`Stack [${name}] cannot be deleted while TerminationProtection is enabled`)
    }
    if (status.startsWith('UPDATE') && status.endsWith('_IN_PROGRESS')) {
      throw invalid(`Stack [${stackId}] cannot be deleted while in status ${status}`)
    }
    await this.#checkRetained(scope, found.value, request.retain)
    const event = stackEvent(found.value, 'DELETE_IN_PROGRESS', 'User Initiated')
    if (await this.#refuseExported(scope, found, event)) return
    await this.#move(found, [event], async (records) => {
      const isUsed = await dropExports(records, scope, found.value)
      if (isUsed !== undefined) throw invalid(isUsed)
      const { statusReason: _, token: _token, ...rest } = found.value
      const token =
        request.token === undefined
          ? {}
          : { token: { value: request.token, operation: 'delete' as const } }
      const generation = rest.generation + 1
      return { ...rest, ...token, generation, status: 'DELETE_IN_PROGRESS', retain: request.retain }
    })
  }

  /** A stack whose exports are in use goes back to the status that it had, with the reason: AWS's own odd answer. */
  async #refuseExported(
    scope: Scope,
    found: StoredRecord<StackRecord>,
    event: ReturnType<typeof stackEvent>,
  ): Promise<boolean> {
    const statusReason = await usedExport(this.#engine.store, scope, found.value)
    if (statusReason === undefined) return false
    const back = stackEvent(found.value, found.value.status, statusReason)
    await this.#move(found, [event, back], async () => ({ ...found.value, statusReason }))
    return true
  }

  async #checkRetained(scope: Scope, stack: StackRecord, retain: readonly string[]): Promise<void> {
    if (retain.length === 0) return
    if (stack.status !== 'DELETE_FAILED') {
      throw invalid(
        `Invalid operation on stack [${stack.stackId}]. RetainResources is only for stacks in DELETE_FAILED state`,
      )
    }
    const resources = await resourcesOf(this.#engine.store, scope, stack.uuid)
    const unknown = retain.filter((id) => !resources.some(({ logicalId }) => logicalId === id))
    if (unknown.length === 0) return
    throw invalid(`The specified resources to retain do not exist: [${unknown.join(', ')}]`)
  }

  protect(scope: Scope, nameOrId: string, isProtected: boolean): Promise<StackRecord> {
    return untilMoved(async () => {
      const found = await this.need(scope, nameOrId, withId)
      return this.#move(found, [], async () => ({ ...found.value, isProtected }))
    })
  }

  /** Stops an update that runs; it is rolled back. */
  async cancelUpdate(scope: Scope, nameOrId: string): Promise<void> {
    await untilMoved(async () => {
      const found = await this.need(scope, nameOrId, bracketed)
      if (found.value.status !== 'UPDATE_IN_PROGRESS') {
        throw invalid('CancelUpdateStack cannot be called from current stack status')
      }
      return this.#move(found, [], async () => ({ ...found.value, isCancelled: true }))
    })
  }

  /** The clean-up comes after the update: what may not be removed is told before it. */
  async #checkRemovals(
    { scope, value }: StoredRecord<StackRecord>,
    { model }: PreparedTarget,
    policy: string | undefined,
  ): Promise<void> {
    if (policy === undefined) return
    for (const { logicalId, type } of await resourcesOf(this.#engine.store, scope, value.uuid)) {
      if (model.wanted.has(logicalId)) continue
      const denial = policyDenial(policy, { logicalId, type, action: 'Update:Delete' })
      if (denial !== undefined) throw invalid(denial)
    }
  }

  async setPolicy(scope: Scope, nameOrId: string, policy: string): Promise<void> {
    await untilMoved(async () => {
      const found = await this.need(scope, nameOrId, bracketed)
      const value = { ...found.value, policy: checkedPolicy(policy) }
      return this.#move(found, [], async () => value)
    })
  }

  async need(
    scope: Scope,
    nameOrId: string,
    missing: (nameOrId: string) => string,
  ): Promise<StoredRecord<StackRecord>> {
    const found = await findStack(this.#engine.store, scope, nameOrId)
    if (!found || (found.value.deletedAt !== undefined && missing === bracketed)) {
      throw invalid(missing(nameOrId))
    }
    return found
  }

  /** See `moveStack`. */
  #move(
    ...change: Parameters<typeof moveStack> extends [unknown, ...infer Rest] ? Rest : never
  ): Promise<StackRecord> {
    return moveStack(this.#engine, ...change)
  }
}

/** Who does not look at what a transform made of the template first, as a change set shows it, has to say so. */
function needExpansion({ model }: PreparedTarget, { capabilities }: TargetRequest): void {
  const capability = 'CAPABILITY_AUTO_EXPAND'
  if (model.template.transforms.length === 0 || capabilities.includes(capability)) return
  throw new StackRefusal(
    'InsufficientCapabilitiesException',
    `Requires capabilities : [${capability}]`,
  )
}

function isReviewedFor({ status, parent }: StackRecord, request: CreateRequest): boolean {
  return status === 'REVIEW_IN_PROGRESS' && parent?.stackId === (request.parent?.stackId ?? '')
}

/** A nested stack can be brought back to what it was after its own update is over. */
function earlierOf({ parent, target }: StackRecord): Pick<StackRecord, 'earlier'> {
  return parent ? { earlier: target } : {}
}
