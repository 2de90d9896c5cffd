import { arnOf } from '../kernel/arn.ts'
import { uuid as newUuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { nothingToDo, type ChangeSetRecord, type ChangeSetType } from './change-set-records.ts'
import { compareNested, type Family } from './compare-nested.ts'
import type { Live } from './compare-target.ts'
import { lookAtResource, type LiveResource } from './live-resource.ts'
import { resourcesOf } from './stack-reader.ts'
import { TemplateProblem } from './domain/template-problem.ts'
import { importProblem } from './import-resources.ts'
import type { PlannedChange } from './plan-changes.ts'
import { planImports, type ImportWish } from './plan-import.ts'
import type { PreparedTarget, TargetContext, TargetRequest } from './prepare-target.ts'
import type { StackOperations } from './stack-operations.ts'
import type { OnFailure, StackRecord } from './stack-records.ts'
import { needUpdatable } from './stack-checks.ts'
import { StackRefusal } from './stack-refusal.ts'

export interface NewChangeSet extends TargetRequest {
  readonly stackNameOrId: string
  readonly name: string
  readonly type: ChangeSetType
  readonly imports: readonly ImportWish[]
  readonly description: string | undefined
  readonly token: string | undefined
  /** Whether the stacks inside the stack get change sets too. */
  readonly includesNested?: boolean
  readonly onStackFailure?: OnFailure | undefined
  /** Whether resources are compared as they are, so that what was changed behind the stack's back is brought back. */
  readonly revertsDrift?: boolean
}

/** What change sets are compared with. */
export interface ComparisonContext {
  readonly engine: EngineContext
  readonly operations: StackOperations
  readonly typeOf: TargetContext['typeOf']
}

export interface AskedComparison {
  readonly scope: Scope
  readonly stack: StackRecord
  readonly request: NewChangeSet
  /** Takes what is found of the stacks inside; absent: they are not looked at. */
  readonly family?: Family | undefined
  /** Of the change set of a nested stack. */
  readonly parent?: NonNullable<ChangeSetRecord['parent']>
}

/** A change set with its final status, not recorded yet. Throws for a target that cannot be one. */
export async function compareChangeSet(
  context: ComparisonContext,
  asked: AskedComparison,
): Promise<ChangeSetRecord> {
  const { operations } = context
  const { scope, stack, request } = asked
  if (asked.parent && request.type === 'UPDATE') needUpdatable(stack)
  const prepared = await operations.prepare(scope, stack, request)
  const base = { ...blank(context, asked), ...preparedOf(request, prepared) }
  const live = request.revertsDrift ? await liveOf(context, scope, stack) : undefined
  const comparison = await operations.compare(scope, stack, prepared, { live })
  if (comparison.unsupported !== undefined) return { ...base, ...failed(comparison.unsupported) }
  if (request.type === 'IMPORT') {
    const planned = plannedImports(context, request, prepared, comparison.changes)
    const problem = await importProblem(importing(context), scope, planned.imports)
    return { ...base, ...(problem === undefined ? available : failed(problem)), ...planned }
  }
  const { family } = asked
  const { changes, nested } = family
    ? await compareNested(
        context,
        { ...asked, family, prepared, around: base },
        comparison,
        (inner) => compareInside(context, inner),
      )
    : { changes: comparison.changes, nested: undefined }
  const found = { ...base, ...(nested ? { nested } : {}) }
  const broken = family?.changeSets.find(
    ({ uuid, status }) => status === 'FAILED' && nested?.some((inner) => inner.uuid === uuid),
  )
  if (broken) {
    const reason = `Nested change set ${broken.changeSetId} was not successfully created: Currently in FAILED.`
    return { ...found, ...failed(reason) }
  }
  family?.outputs.set(base.uuid, comparison.outputs())
  const isEmpty = comparison.isEmpty || (changes.length === 0 && comparison.isRestSame())
  const isNew = asked.parent !== undefined && request.type === 'CREATE'
  return isEmpty && !isNew
    ? { ...found, ...failed(nothingToDo) }
    : { ...found, ...available, changes }
}

async function liveOf(
  { engine: { clock, store }, typeOf }: ComparisonContext,
  scope: Scope,
  stack: StackRecord,
): Promise<Live> {
  const { signal } = new AbortController()
  const live = new Map<string, LiveResource>()
  for (const record of await resourcesOf(store, scope, stack.uuid)) {
    const looking = { clock, scope, stack, signal }
    live.set(record.logicalId, await lookAtResource(looking, typeOf(record.type), record))
  }
  return live
}

/** The same for a stack inside another one: what is wrong with its target fails its change set. */
async function compareInside(
  context: ComparisonContext,
  asked: AskedComparison,
): Promise<ChangeSetRecord> {
  try {
    return await compareChangeSet(context, asked)
  } catch (thrown) {
    if (!(thrown instanceof TemplateProblem || thrown instanceof StackRefusal)) throw thrown
    return { ...blank(context, asked), ...failed(thrown.message) }
  }
}

function blank({ engine }: ComparisonContext, asked: AskedComparison): ChangeSetRecord {
  const { scope, stack, request, parent } = asked
  const { name, type, description, token, onStackFailure } = request
  const uuid = newUuid(engine.random)
  return {
    uuid,
    changeSetId: arnOf('cloudformation', scope, `changeSet/${name}/${uuid}`),
    name,
    stackUuid: stack.uuid,
    stackId: stack.stackId,
    stackName: stack.name,
    type,
    ...(description === undefined ? {} : { description }),
    ...(token === undefined ? {} : { token }),
    ...(onStackFailure === undefined ? {} : { onStackFailure }),
    ...(request.revertsDrift ? { revertsDrift: true } : {}),
    ...(parent ? { parent } : {}),
    ...(asked.family ? { nested: [] } : {}),
    ...available,
    createdAt: engine.clock.now(),
    generation: stack.generation,
    request: targetOf(request),
    parameters: {},
    hidden: [],
    changes: [],
  }
}

function preparedOf(
  request: NewChangeSet,
  { body, target }: PreparedTarget,
): Pick<ChangeSetRecord, 'request' | 'parameters' | 'hidden'> {
  const source = { read: body, endpointHost: request.source.endpointHost }
  const { parameters, hidden } = target
  return { request: { ...targetOf(request), source }, parameters, hidden }
}

function targetOf(request: NewChangeSet): TargetRequest {
  const { source, parameters, tags, capabilities, roleArn, notificationArns, rollback } = request
  return { source, parameters, tags, capabilities, roleArn, notificationArns, rollback }
}

/** Throws a `StackRefusal` for what no import may be. */
export function plannedImports(
  { typeOf }: Pick<ComparisonContext, 'typeOf'>,
  { imports: wishes }: NewChangeSet,
  { model, previous }: PreparedTarget,
  changes: readonly PlannedChange[],
): ReturnType<typeof planImports> {
  const { template, included } = model
  const identifierOf = (type: string): string | undefined => typeOf(type)?.inventory?.identifier
  return planImports({ wishes, template, included, previous, changes, identifierOf })
}

export function importing({
  engine: { store, clock },
  typeOf,
}: ComparisonContext): Parameters<typeof importProblem>[0] {
  return { store, clock, typeOf }
}

const available = { status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE' } as const

function failed(
  statusReason: string,
): Pick<ChangeSetRecord, 'status' | 'statusReason' | 'executionStatus'> {
  return { status: 'FAILED', statusReason, executionStatus: 'UNAVAILABLE' }
}
