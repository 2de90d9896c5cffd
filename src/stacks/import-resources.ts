import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { StoredRecord } from '../store/records.ts'
import { orderOf } from './domain/dependency-graph.ts'
import { moveStack } from './move-stack.ts'
import type { PlannedImport } from './plan-import.ts'
import type { PreparedTarget, TargetContext } from './prepare-target.ts'
import type { ResourceType } from './resource-type.ts'
import { resourceEvent } from './resource-work.ts'
import { stackEvent } from './stack-journal.ts'
import { resourcesOf } from './stack-reader.ts'
import { stackResources, stacks, type ResourceRecord, type StackRecord } from './stack-records.ts'
import { storeTarget } from './store-target.ts'

type Context = Pick<EngineContext, 'store' | 'clock'> & Pick<TargetContext, 'typeOf'>

/** Why resources cannot be taken over as things are, in words; undefined when they can. */
export async function importProblem(
  context: Context,
  scope: Scope,
  imports: readonly PlannedImport[],
): Promise<string | undefined> {
  for (const { type, physicalId } of imports) {
    const found = await context.typeOf(type)?.inventory?.describe(physicalId, scope)
    if (!found) return `Resource of type '${type}' with identifier '${physicalId}' was not found.`
  }
  const held = await context.store.list(stackResources, scope)
  for (const { logicalId, type, physicalId } of imports) {
    const holder = held.find(
      ({ value }) => value.type === type && value.current.physicalId === physicalId,
    )
    if (!holder || holder.value.status.startsWith('DELETE')) continue
    const stack = await context.store.find(stacks, scope, holder.owner ?? '')
    return `Resource ${logicalId} with identifier '${physicalId}' is already in stack ${stack?.value.stackId ?? ''}`
  }
  return undefined
}

/**
 * Takes resources into a stack: one commit, because nothing outside is touched. A resource that is gone by now ends it as AWS's failed
 * imports end, with the stack as it was.
 */
export async function importResources(
  context: Context,
  stack: StoredRecord<StackRecord>,
  asked: {
    readonly prepared: PreparedTarget
    readonly imports: readonly PlannedImport[]
    readonly token: string | undefined
  },
): Promise<void> {
  const { scope, value } = stack
  const begun = stackEvent(value, 'IMPORT_IN_PROGRESS', 'User Initiated')
  const problem = await importProblem(context, scope, asked.imports)
  if (problem !== undefined) {
    const reason = `${problem} Rollback requested by user.`
    const undone = stackEvent(value, 'IMPORT_ROLLBACK_IN_PROGRESS', reason)
    const over = stackEvent(value, 'IMPORT_ROLLBACK_COMPLETE')
    await moveStack(context, stack, [begun, undone, over], async () => ({
      ...value,
      status: 'IMPORT_ROLLBACK_COMPLETE',
      statusReason: problem,
    }))
    return
  }
  const taken = await takenOver(context, stack, asked)
  const events = taken.flatMap((record) => {
    const { physicalId } = record.current
    return [
      resourceEvent(record, 'IMPORT_IN_PROGRESS', {
        physicalId,
        reason: 'Resource import started.',
      }),
      resourceEvent(record, 'IMPORT_COMPLETE', {
        physicalId,
        reason: 'Resource import completed.',
      }),
    ]
  })
  const over = stackEvent(value, 'IMPORT_COMPLETE')
  await moveStack(context, stack, [begun, ...events, over], async (records) => {
    const { statusReason: _, token: _token, ...rest } = value
    const generation = value.generation + 1
    const target = await storeTarget(records, scope, { ...rest, generation }, asked.prepared)
    for (const record of taken) {
      const at = { scope, id: `${value.uuid}/${record.logicalId}`, owner: value.uuid }
      const old = await records.find(stackResources, scope, at.id)
      if (old) await records.update(old, record)
      else await records.insert(stackResources, at, record)
    }
    const { token: given } = asked
    const token =
      given === undefined ? {} : { token: { value: given, operation: 'update' as const } }
    const updatedAt = context.clock.now()
    return { ...rest, ...token, updatedAt, generation, target, status: 'IMPORT_COMPLETE' }
  })
}

/** The records of what is taken over, in the order of making, so that one may name another. */
async function takenOver(
  context: Context,
  { scope, value }: StoredRecord<StackRecord>,
  { prepared, imports }: { prepared: PreparedTarget; imports: readonly PlannedImport[] },
): Promise<readonly ResourceRecord[]> {
  const { model } = prepared
  const held = await resourcesOf(context.store, scope, value.uuid)
  const records = new Map(held.map((record) => [record.logicalId, record]))
  const environment = model.environment((logicalId) => records.get(logicalId)?.current)
  const taken: ResourceRecord[] = []
  for (const logicalId of orderOf(model.template)) {
    const wish = imports.find((each) => each.logicalId === logicalId)
    const declared = model.template.resources.get(logicalId)
    const type = context.typeOf(declared?.type ?? '')
    if (!wish || !declared || !type) continue
    const { physicalId, attributes } = await described(type, wish.physicalId, scope)
    const coerced = model.properties(logicalId, type, environment)
    const metadata = model.metadata(logicalId, environment)
    const generation = value.generation + 1
    const record: ResourceRecord = {
      logicalId,
      type: declared.type,
      generation,
      status: 'IMPORT_COMPLETE',
      statusReason: 'Resource import completed.',
      at: context.clock.now(),
      deletionPolicy: declared.deletionPolicy,
      updateReplacePolicy: declared.updateReplacePolicy,
      ...(metadata === undefined ? {} : { metadata }),
      current: {
        number: generation,
        phase: 'made',
        physicalId,
        attributes,
        properties: coerced.ok ? coerced.properties : {},
        dependsOn: model.wanted.get(logicalId) ?? [],
      },
    }
    records.set(logicalId, record)
    taken.push(record)
  }
  return taken
}

async function described(
  type: ResourceType,
  physicalId: string,
  scope: Scope,
): Promise<{ physicalId: string; attributes: Readonly<Record<string, unknown>> }> {
  const { inventory, attributes } = type
  const found = (await inventory?.describe(physicalId, scope)) ?? {}
  const told = found[inventory?.identifier ?? '']
  const known = attributes.filter((name) => found[name] !== undefined)
  return {
    physicalId: typeof told === 'string' ? told : physicalId,
    attributes: Object.fromEntries(known.map((name) => [name, found[name]])),
  }
}
