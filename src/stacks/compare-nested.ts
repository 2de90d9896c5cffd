import type { Scope } from '../kernel/scope.ts'
import { isUnchanged, type ChangeSetRecord, type NestedChangeSet } from './change-set-records.ts'
import type { AskedComparison, ComparisonContext } from './compare-change-set.ts'
import { pendingText } from './change-details.ts'
import { isFresh, type TargetComparison } from './compare-target.ts'
import { orderOf } from './domain/dependency-graph.ts'
import { reviewedStack } from './new-stack.ts'
import { physicalName } from './physical-name.ts'
import type { PlannedChange } from './plan-changes.ts'
import type { PreparedTarget, TargetRequest } from './prepare-target.ts'
import { findStack, resourcesOf } from './stack-reader.ts'
import type { Incarnation, StackOutput, StackRecord } from './stack-records.ts'

/** What is found of the stacks inside a stack, at any depth: recorded together with the outermost change set. */
export interface Family {
  readonly changeSets: ChangeSetRecord[]
  /** Stacks that are still to be made, so that their change sets have a stack. */
  readonly reviewed: StackRecord[]
  /** What they would offer afterwards, by the uuid of each change set. */
  readonly outputs: Map<string, readonly StackOutput[]>
}

interface Outer extends AskedComparison {
  readonly family: Family
  readonly prepared: PreparedTarget
  /** The change set of the stack around. */
  readonly around: ChangeSetRecord
}

interface Inner {
  readonly logicalId: string
  readonly target: TargetRequest
  /** Of what is there now and stays. */
  readonly current: Incarnation | undefined
}

/**
 * Compares the stacks that are resources of a stack, each with what it would be asked. One that stays as it is gets no change set, and
 * counts as a change no more unless its own properties change.
 */
export async function compareNested(
  context: ComparisonContext,
  outer: Outer,
  comparison: TargetComparison,
  compare: (asked: AskedComparison) => Promise<ChangeSetRecord>,
): Promise<{
  readonly changes: readonly PlannedChange[]
  readonly nested: readonly NestedChangeSet[]
}> {
  const { scope, stack, prepared, family } = outer
  const { template, included } = prepared.model
  const resources = await resourcesOf(context.engine.store, scope, stack.uuid)
  const fresh = new Set(comparison.changes.filter(isFresh).map(({ logicalId }) => logicalId))
  const known = new Map(
    resources
      .filter(({ logicalId }) => !fresh.has(logicalId))
      .map(({ logicalId, current }) => [logicalId, current]),
  )
  const shown = new Map<string, ChangeSetRecord>()
  const unchanged = new Set<string>()
  // In the order of making: what one has to offer afterwards is what the next is given.
  for (const logicalId of orderOf(template)) {
    const target = included.has(logicalId)
      ? innerTarget(context, outer, known, logicalId)
      : undefined
    if (!target) continue
    const current = known.get(logicalId)
    const asked = await askedOf(context, outer, { logicalId, target, current })
    const changeSet = await compare(asked)
    if (isUnchanged(changeSet)) {
      unchanged.add(logicalId)
      continue
    }
    shown.set(logicalId, changeSet)
    const outputs = family.outputs.get(changeSet.uuid) ?? []
    if (current) known.set(logicalId, { ...current, attributes: attributesOf(outputs) })
  }
  family.changeSets.push(...shown.values())
  const { changes } =
    unchanged.size === 0
      ? comparison
      : await context.operations.compare(scope, stack, prepared, { unchanged })
  return {
    changes: changes.map((change) => withChangeSet(change, shown.get(change.logicalId))),
    nested: [...shown].map(([logicalId, { uuid }]) => ({ logicalId, uuid })),
  }
}

/** Those that are not known yet are left out. */
function attributesOf(outputs: readonly StackOutput[]): Readonly<Record<string, string>> {
  const told = outputs.filter(({ value }) => !value.includes(pendingText))
  return Object.fromEntries(told.map(({ name, value }) => [`Outputs.${name}`, value]))
}

function withChangeSet(
  change: PlannedChange,
  changeSet: ChangeSetRecord | undefined,
): PlannedChange {
  if (!changeSet || change.action === 'Remove') return change
  const { stackId, changeSetId } = changeSet
  return { ...change, physicalId: change.physicalId ?? stackId, changeSetId }
}

/** What the stack that a resource is would be asked, with values pending that only applying tells; undefined for other resources. */
function innerTarget(
  { typeOf }: Pick<ComparisonContext, 'typeOf'>,
  { prepared: { model, target } }: Outer,
  known: ReadonlyMap<string, Incarnation>,
  logicalId: string,
): TargetRequest | undefined {
  const type = typeOf(model.template.resources.get(logicalId)?.type ?? '')
  if (!type?.nests) return undefined
  const environment = model.planned((id) => known.get(id))
  const coerced = model.properties(logicalId, type, environment)
  return coerced.ok ? type.nests(coerced.properties, target) : undefined
}

async function askedOf(
  context: ComparisonContext,
  outer: Outer,
  { logicalId, target, current }: Inner,
): Promise<AskedComparison> {
  const { scope, family, around, request } = outer
  const living =
    current?.physicalId === undefined
      ? undefined
      : await findStack(context.engine.store, scope, current.physicalId)
  const stack = living?.value ?? (await stackToReview(context, outer, logicalId))
  const making = { stackUuid: around.uuid, stackName: around.name, logicalId, number: 0 }
  return {
    scope,
    stack,
    family,
    parent: {
      changeSetId: around.changeSetId,
      rootId: around.parent?.rootId ?? around.changeSetId,
    },
    request: {
      ...target,
      stackNameOrId: stack.name,
      name: physicalName(making, changeSetNameMax),
      type: living ? 'UPDATE' : 'CREATE',
      imports: [],
      description: undefined,
      token: undefined,
      onStackFailure: request.onStackFailure,
    },
  }
}

/** AWS's limit. */
const changeSetNameMax = 128

/** The stack that executing would make: its name is the one that it will have. */
async function stackToReview(
  { engine }: ComparisonContext,
  { scope, stack, family }: { scope: Scope; stack: StackRecord; family: Family },
  logicalId: string,
): Promise<StackRecord> {
  const number = stack.generation + 1
  const making = { stackUuid: stack.uuid, stackName: stack.name, logicalId, number }
  const name = physicalName(making, stackNameMax)
  const found = await findStack(engine.store, scope, name)
  if (found?.value.parent?.stackId === stack.stackId) return found.value
  const parent = { stackId: stack.stackId, rootId: stack.parent?.rootId ?? stack.stackId }
  const reviewed = reviewedStack(engine, scope, { name, parent })
  family.reviewed.push(reviewed)
  return reviewed
}

const stackNameMax = 128
