import { arnOf } from '../kernel/arn.ts'
import { uuid as newUuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { kindOf, modify, type StoredRecord } from '../store/records.ts'
import type { PlannedChange } from './plan-changes.ts'
import { importProblem, importResources } from './import-resources.ts'
import { planImports, type ImportWish, type PlannedImport } from './plan-import.ts'
import type { PreparedTarget, TargetContext, TargetRequest } from './prepare-target.ts'
import { bracketed, needUpdatable } from './stack-checks.ts'
import type { StackOperations } from './stack-operations.ts'
import { eventsOf, findStack } from './stack-reader.ts'
import { stacks, type StackRecord } from './stack-records.ts'
import { invalid, StackRefusal } from './stack-refusal.ts'

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
  readonly request: TargetRequest & { readonly source: { readonly body: string } }
  readonly parameters: Readonly<Record<string, string>>
  readonly hidden: readonly string[]
  readonly changes: readonly PlannedChange[]
  /** Of a change set that takes over what is there already. */
  readonly imports?: readonly PlannedImport[]
}

export const changeSets = kindOf<ChangeSetRecord>('cloudformation/change-set')

export interface NewChangeSet extends TargetRequest {
  readonly stackNameOrId: string
  readonly name: string
  readonly type: ChangeSetType
  readonly imports: readonly ImportWish[]
  readonly description: string | undefined
  readonly token: string | undefined
}

/** The words that clients look for to tell an empty change set from a broken one. */
const nothingToDo =
  "The submitted information didn't contain changes. Submit different information to create a change set."

export class ChangeSets {
  readonly #engine: EngineContext
  readonly #operations: StackOperations

  readonly #typeOf: TargetContext['typeOf']

  constructor(engine: EngineContext, operations: StackOperations, typeOf: TargetContext['typeOf']) {
    this.#engine = engine
    this.#operations = operations
    this.#typeOf = typeOf
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
    const value = await this.#compare(scope, stack, request)
    const at = { scope, id: value.uuid, owner: stack.uuid }
    await this.#engine.store.insert(changeSets, at, value)
    return value
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
    if (request.type === 'IMPORT') this.#imports(request, prepared, newResources(prepared))
    return this.#operations.createForReview(scope, name)
  }

  async #compare(
    scope: Scope,
    stack: StackRecord,
    request: NewChangeSet,
  ): Promise<ChangeSetRecord> {
    const prepared = await this.#operations.prepare(scope, stack, request)
    const { name, type, description, token, parameters, tags, capabilities, roleArn } = request
    const { notificationArns, rollback } = request
    const uuid = newUuid(this.#engine.random)
    const base = {
      uuid,
      changeSetId: arnOf('cloudformation', scope, `changeSet/${name}/${uuid}`),
      name,
      stackUuid: stack.uuid,
      stackId: stack.stackId,
      stackName: stack.name,
      type,
      ...(description === undefined ? {} : { description }),
      ...(token === undefined ? {} : { token }),
      createdAt: this.#engine.clock.now(),
      generation: stack.generation,
      request: {
        source: { body: prepared.body, endpointHost: request.source.endpointHost },
        parameters,
        tags,
        capabilities,
        roleArn,
        notificationArns,
        rollback,
      },
      parameters: prepared.target.parameters,
      hidden: prepared.target.hidden,
    }
    const comparison = await this.#operations.compare(scope, stack, prepared)
    const { changes, isEmpty, unsupported } = comparison
    if (unsupported !== undefined) return { ...base, ...failed(unsupported), changes: [] }
    if (type === 'IMPORT') {
      const planned = this.#imports(request, prepared, changes)
      const problem = await importProblem(this.#importing, scope, planned.imports)
      const end = problem === undefined ? available : failed(problem)
      return { ...base, ...end, ...planned }
    }
    if (isEmpty) return { ...base, ...failed(nothingToDo), changes: [] }
    return { ...base, ...available, changes }
  }

  #imports(
    { imports: wishes }: NewChangeSet,
    { model, previous }: PreparedTarget,
    changes: readonly PlannedChange[],
  ): ReturnType<typeof planImports> {
    const { template, included } = model
    const identifierOf = (type: string): string | undefined =>
      this.#typeOf(type)?.inventory?.identifier
    return planImports({ wishes, template, included, previous, changes, identifierOf })
  }

  get #importing(): Parameters<typeof importProblem>[0] {
    const { store, clock } = this.#engine
    return { store, clock, typeOf: this.#typeOf }
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

  /** Begins what the change set showed; the other ones of the stack are obsolete then. */
  async execute(
    scope: Scope,
    request: {
      nameOrId: string
      stackNameOrId: string | undefined
      token: string | undefined
      doNothingOnFailure: boolean
      retainsExceptOnCreate: boolean
    },
  ): Promise<void> {
    const found = await this.need(scope, request.nameOrId, request.stackNameOrId)
    const { value } = found
    if (value.executionStatus === 'EXECUTE_COMPLETE' && request.token !== undefined) {
      if (await this.#wasAsked(scope, value, request.token)) return
    }
    const stack = await this.#engine.store.find(stacks, scope, value.stackUuid)
    if (!stack) throw invalid(bracketed(value.stackName))
    const isCurrent = stack.value.generation === value.generation
    if (value.executionStatus !== 'AVAILABLE' || !isCurrent) {
      throw new StackRefusal(
        'InvalidChangeSetStatus',
        `ChangeSet [${value.changeSetId}] cannot be executed in its current status of [${statusShown(value)}]`,
      )
    }
    const isNew = stack.value.status === 'REVIEW_IN_PROGRESS'
    if (value.type !== 'CREATE' && !isNew) needUpdatable(stack.value)
    const prepared = await this.#operations.prepare(scope, stack.value, value.request)
    const isMaking = value.type === 'CREATE'
    const { doNothingOnFailure, retainsExceptOnCreate } = request
    const onFailure = isMaking && doNothingOnFailure ? 'DO_NOTHING' : stack.value.onFailure
    const target = {
      ...stack,
      value: { ...stack.value, onFailure, changeSetId: value.changeSetId },
    }
    const { token } = request
    if (value.imports) {
      await importResources(this.#importing, target, { prepared, imports: value.imports, token })
    } else {
      const wishes = { doNothingOnFailure, retainsExceptOnCreate }
      await this.#operations.begin(scope, target, { prepared, token, wishes })
    }
    for (const other of await this.list(scope, value.stackUuid)) {
      await this.#mark(scope, other.uuid, other.uuid === value.uuid)
    }
  }

  async #wasAsked(scope: Scope, value: ChangeSetRecord, token: string): Promise<boolean> {
    const events = await eventsOf(this.#engine.store, scope, value.stackUuid)
    return events.some((event) => event.token === token)
  }

  async #mark(scope: Scope, uuid: string, isExecuted: boolean): Promise<void> {
    await modify(this.#engine.store, { kind: changeSets, scope, id: uuid }, (value) => ({
      ...value,
      executionStatus: isExecuted ? ('EXECUTE_COMPLETE' as const) : ('OBSOLETE' as const),
    }))
  }

  /** A stack that was only reviewed stays, as AWS's does, until it is deleted. */
  async remove(scope: Scope, nameOrId: string, stackNameOrId: string | undefined): Promise<void> {
    try {
      await this.#engine.store.remove(await this.need(scope, nameOrId, stackNameOrId))
    } catch (thrown) {
      if (thrown instanceof StackRefusal && thrown.code === 'ChangeSetNotFound') return
      throw thrown
    }
  }
}

const available = { status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE' } as const

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

function failed(
  statusReason: string,
): Pick<ChangeSetRecord, 'status' | 'statusReason' | 'executionStatus'> {
  return { status: 'FAILED', statusReason, executionStatus: 'UNAVAILABLE' }
}

function checkName(name: string): void {
  if (name.length <= 128 && /^[a-zA-Z][-a-zA-Z0-9]*$/.test(name)) return
  throw invalid(
    `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
  )
}
