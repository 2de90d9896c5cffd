import { awaitSignals } from './await-signals.ts'
import type { Cancellation } from './cancellation.ts'
import { policyDenial, type PolicyAction } from './domain/stack-policy.ts'
import type { SignalWish } from './domain/signal-policy.ts'
import { TemplateProblem } from './domain/template-problem.ts'
import type { ResourceDeclaration } from './domain/template.ts'
import { sameTags } from './plan-changes.ts'
import { foundNow } from './live-resource.ts'
import type { ResourceState, ResourceType } from './resource-type.ts'
import {
  contextOf,
  made,
  recordOf,
  resourceEvent,
  settle,
  withIncarnation,
  withStatus,
  type Settled,
  type WorkContext,
} from './resource-work.ts'
import { resolvedBefore, resolveReferences } from './resolve-references.ts'
import { rollingUpdate } from './rolling-update.ts'
import { handleOwner, resourceOwner } from './signals.ts'
import { sameValue } from './same-value.ts'
import type { StackModel } from './stack-model.ts'
import type { Incarnation, ResourceRecord } from './stack-records.ts'

/**
 * Brings one resource to the target: makes it, updates it in place, makes its replacement, or finds that nothing changed. What is to
 * be done is recorded before it begins; a call for a resource that was begun carries on with just that.
 */
export async function applyResource(
  work: WorkContext,
  model: StackModel,
  logicalId: string,
  cancellation: Cancellation,
): Promise<void> {
  const known = work.journal.resource(logicalId)
  const isBegun = known?.generation === work.journal.stack.generation
  const record = isBegun ? known : await begin(work, model, logicalId)
  if (!record?.status.endsWith('_IN_PROGRESS')) return
  if (record.current.phase === 'making') await make(work, logicalId, cancellation)
  else await updateInPlace(work, logicalId, cancellation)
}

/** Whether what an earlier server began has to be carried on to know what it made. */
export function isUnknown(record: ResourceRecord | undefined): boolean {
  return record?.current.phase === 'making' && record.current.physicalId === undefined
}

/** Decides what the resource needs and records it. */
async function begin(
  work: WorkContext,
  model: StackModel,
  logicalId: string,
): Promise<ResourceRecord | undefined> {
  const known = work.journal.resource(logicalId)
  const declaration = model.template.resources.get(logicalId)
  if (!declaration) return undefined
  const desired = desiredOf(work, model, logicalId)
  const shared = {
    logicalId,
    type: declaration.type,
    generation: work.journal.stack.generation,
    deletionPolicy: declaration.deletionPolicy,
    updateReplacePolicy: declaration.updateReplacePolicy,
    at: work.clock.now(),
    ...(desired.ok && desired.metadata !== undefined ? { metadata: desired.metadata } : {}),
  }
  if (!desired.ok) return refuse(work, shared, known, desired.reason)
  const dependsOn = model.wanted.get(logicalId) ?? []
  const { updatePolicy } = desired
  const incarnation: Incarnation = {
    number: shared.generation,
    phase: 'making',
    properties: desired.properties,
    dependsOn,
    ...awaitedBy(work, declaration, desired),
    ...(updatePolicy ? { updatePolicy } : {}),
  }
  const isOurs = known !== undefined && !known.status.startsWith('DELETE')
  const found = isOurs ? await foundNow(work, known) : undefined
  if (isOurs && found && !found.ok) return refuse(work, shared, known, found.reason)
  const was = found?.ok ? found.state : undefined
  if (!was) {
    const record: ResourceRecord = { ...shared, status: 'CREATE_IN_PROGRESS', current: incarnation }
    await work.journal.write({
      resources: [record],
      events: [resourceEvent(record, 'CREATE_IN_PROGRESS')],
    })
    return record
  }
  const type = work.typeOf(declaration.type)
  const isAsked = type?.alwaysUpdates === true || (takesTags(type) && isRetagged(work))
  if (!isAsked && sameValue(was.current.properties, desired.properties)) {
    // An earlier update may have been refused for it, and undone.
    const status = was.status.endsWith('_FAILED') ? 'UPDATE_COMPLETE' : was.status
    await work.journal.write({
      resources: [{ ...shared, status, current: { ...withPolicy(was, updatePolicy), dependsOn } }],
    })
    return undefined
  }
  return beginChange(work, { ...shared, status: 'UPDATE_IN_PROGRESS', current: incarnation }, was)
}

async function beginChange(
  work: WorkContext,
  record: ResourceRecord,
  known: ResourceRecord,
): Promise<ResourceRecord | undefined> {
  const type = work.typeOf(record.type)
  const { properties, dependsOn, updatePolicy } = record.current
  const change = { before: known.current.properties, after: properties }
  const isReplaced =
    replaces(type, change.before, change.after) ||
    (updatePolicy !== undefined && type?.policyReplaces?.(change, updatePolicy) === true)
  const denial = deniedUpdate(work, record, isReplaced ? 'Update:Replace' : 'Update:Modify')
  if (denial !== undefined) {
    const { status: _, current: __, ...shared } = record
    return refuse(work, shared, known, denial)
  }
  const current = isReplaced
    ? record.current
    : { ...withPolicy(known, updatePolicy), properties, dependsOn }
  const reason = isReplaced
    ? 'Requested update requires the creation of a new physical resource; hence creating one.'
    : undefined
  const begun: ResourceRecord = { ...record, current, before: known.current }
  const { physicalId } = known.current
  await work.journal.write({
    resources: [begun],
    events: [resourceEvent(record, 'UPDATE_IN_PROGRESS', { physicalId, reason })],
  })
  return begun
}

function deniedUpdate(
  work: WorkContext,
  { logicalId, type }: ResourceRecord,
  action: PolicyAction,
): string | undefined {
  const { policyNow } = work.journal.stack
  return policyNow === undefined ? undefined : policyDenial(policyNow, { logicalId, type, action })
}

function withPolicy(
  { current }: ResourceRecord,
  updatePolicy: Incarnation['updatePolicy'],
): Incarnation {
  const { updatePolicy: _, ...rest } = current
  return updatePolicy ? { ...rest, updatePolicy } : rest
}

function isRetagged(work: WorkContext): boolean {
  const { previous, target } = work.journal.stack
  return previous !== undefined && !sameTags(previous.tags, target.tags)
}

/** Whether a change makes a new resource. */
export function replaces(
  type: Pick<ResourceType, 'replaceOn' | 'update'> | undefined,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): boolean {
  if (!type?.update) return true
  return type.replaceOn.some((name) => !sameValue(before[name], after[name]))
}

/** Whether the stack's tags go to its resources; see `ResourceContext.tags`. */
export function takesTags(
  type: Pick<ResourceType, 'properties' | 'update' | 'keepsTags'> | undefined,
): boolean {
  return type?.update !== undefined && !type.keepsTags && Object.hasOwn(type.properties, 'Tags')
}

type Desired =
  | {
      readonly ok: true
      readonly properties: Readonly<Record<string, unknown>>
      readonly metadata: unknown
      readonly signals?: SignalWish
      readonly updatePolicy?: Readonly<Record<string, unknown>>
    }
  | { readonly ok: false; readonly reason: string }

function desiredOf(work: WorkContext, model: StackModel, logicalId: string): Desired {
  const typeName = model.template.resources.get(logicalId)?.type ?? ''
  const type = work.typeOf(typeName)
  if (!type) return { ok: false, reason: `Resource type ${typeName} is not supported here` }
  try {
    const environment = model.environment((id) => work.journal.resource(id)?.current)
    const coerced = model.properties(logicalId, type, environment)
    if (!coerced.ok) return coerced
    const policies = model.policies(logicalId, type, environment)
    return { ...coerced, ...policies, metadata: model.metadata(logicalId, environment) }
  } catch (thrown) {
    if (thrown instanceof TemplateProblem) return { ok: false, reason: thrown.message }
    throw thrown
  }
}

/** What the resource waits for: its CreationPolicy's signals, or those that its type wants by itself. */
function awaitedBy(
  work: WorkContext,
  { logicalId, type: typeName }: ResourceDeclaration,
  desired: Desired & { readonly ok: true },
): Pick<Incarnation, 'awaits'> {
  const type = work.typeOf(typeName)
  const { uuid, generation } = work.journal.stack
  if (desired.signals) {
    const owner = resourceOwner(uuid, logicalId, generation)
    const isFromInstances = type?.signalledBy === 'instances'
    return { awaits: { ...desired.signals, owner, isHandle: false, isFromInstances } }
  }
  const wanted = type?.awaits?.(desired.properties)
  if (!wanted) return {}
  const { handle, count, timeoutMilliseconds } = wanted
  const owner = handleOwner(handle)
  const kind = { isHandle: true, isFromInstances: false, percentMin: 100 }
  return { awaits: { owner, count, timeoutMilliseconds, ...kind } }
}

type Shared = Omit<ResourceRecord, 'status' | 'current'>

/** Records a failure before anything was done. */
async function refuse(
  work: WorkContext,
  shared: Shared,
  known: ResourceRecord | undefined,
  reason: string,
): Promise<undefined> {
  const { generation } = shared
  const nothing: Incarnation = {
    number: generation,
    phase: 'failed',
    properties: {},
    dependsOn: [],
  }
  const verb = known ? 'UPDATE' : 'CREATE'
  const physicalId = known?.current.physicalId
  const record: ResourceRecord = {
    ...shared,
    status: `${verb}_FAILED`,
    statusReason: reason,
    current: known?.current ?? nothing,
  }
  await work.journal.write({
    resources: [record],
    events: [
      resourceEvent(record, `${verb}_IN_PROGRESS`, { physicalId }),
      resourceEvent(record, `${verb}_FAILED`, { physicalId, reason }),
    ],
  })
  return undefined
}

/** Records failures that are known before anything is made, so that nothing is. */
export async function refuseResource(
  work: WorkContext,
  model: StackModel,
  logicalId: string,
  reason: string,
): Promise<void> {
  const declaration = model.template.resources.get(logicalId)
  if (!declaration) return
  const { type, deletionPolicy, updateReplacePolicy } = declaration
  const generation = work.journal.stack.generation
  const at = work.clock.now()
  const shared = { logicalId, type, generation, at, deletionPolicy, updateReplacePolicy }
  await refuse(work, shared, work.journal.resource(logicalId), reason)
}

async function make(
  work: WorkContext,
  logicalId: string,
  cancellation: Cancellation,
): Promise<void> {
  const record = recordOf(work, logicalId)
  const { number, properties } = record.current
  const type = work.typeOf(record.type)
  const context = contextOf(work, { record, number, purpose: 'create' }, cancellation)
  const settled = type
    ? await settle(work, cancellation, async () =>
        type.create(await resolveReferences(work, type, { logicalId, properties }), context),
      )
    : unsupported(record.type)
  if (!settled.ok) return finish(work, logicalId, settled)
  await context.started(settled.state.physicalId)
  const awaited = await awaitSignals(work, logicalId, cancellation)
  if (!awaited.ok) return finish(work, logicalId, awaited)
  const attributes = { ...settled.state.attributes, ...awaited.attributes }
  await finish(work, logicalId, { ok: true, state: { ...settled.state, attributes } })
}

async function updateInPlace(
  work: WorkContext,
  logicalId: string,
  cancellation: Cancellation,
): Promise<void> {
  const record = recordOf(work, logicalId)
  const { current, before, generation } = record
  const type = work.typeOf(record.type)
  const purpose = `update-${generation}`
  const context = contextOf(work, { record, number: current.number, purpose }, cancellation)
  const update = type?.update?.bind(type)
  const rolling = rollingUpdate(work, { record, purpose, policy: current.updatePolicy })
  const settled =
    type && update
      ? await settle(work, cancellation, async () => {
          const { properties } = current
          const after = await resolveReferences(work, type, { logicalId, properties })
          const was = { logicalId, properties: before?.properties ?? {} }
          const physicalId = current.physicalId ?? ''
          const change = { physicalId, before: await resolvedBefore(work, type, was), after }
          return update({ ...change, ...(rolling ? { rolling } : {}) }, context)
        })
      : unsupported(record.type)
  await finish(work, logicalId, settled.ok ? withData(type, current, settled) : settled)
}

/** What a resource was signalled when it was made stays with it. */
function withData(
  type: ResourceType | undefined,
  { attributes }: Incarnation,
  settled: Settled & { readonly ok: true },
): typeof settled {
  if (!type?.awaits) return settled
  return { ok: true, state: { ...settled.state, attributes: { ...attributes } } }
}

function unsupported(type: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason: `Resource type ${type} is not supported here` }
}

async function finish(work: WorkContext, logicalId: string, settled: Settled): Promise<void> {
  const record = recordOf(work, logicalId)
  const verb = record.status.startsWith('UPDATE') ? 'UPDATE' : 'CREATE'
  const isMaking = record.current.phase === 'making'
  const change = settled.ok ? made(settled.state) : isMaking ? { phase: 'failed' as const } : {}
  const status = `${verb}_${settled.ok ? 'COMPLETE' : 'FAILED'}` as const
  const reason = settled.ok ? undefined : settled.reason
  const isOther = settled.ok && isAnother(work, record, settled.state)
  const changed = isOther
    ? { ...record, current: { ...record.current, ...change, number: record.generation } }
    : withIncarnation(record, record.current.number, change)
  const { physicalId } = changed.current
  await work.journal.write({
    resources: [withStatus(changed, status, work.clock.now(), reason)],
    events: [
      ...(isOther
        ? [resourceEvent(record, 'UPDATE_IN_PROGRESS', { physicalId, reason: otherWords })]
        : []),
      resourceEvent(record, status, { physicalId, reason }),
    ],
  })
}

const otherWords = 'Requested update required the provider to create a new physical resource'

/** An update that answers with another physical id made another thing: the one before it is removed in the clean-up. */
function isAnother(work: WorkContext, record: ResourceRecord, state: ResourceState): boolean {
  const { physicalId, phase } = record.current
  if (work.typeOf(record.type)?.replacesItself !== true || phase === 'making') return false
  return record.before !== undefined && physicalId !== state.physicalId
}

/** Records that what a dead server had begun is given up, because its stack is. What it made is looked for when it is removed. */
export async function abandonResource(work: WorkContext, logicalId: string): Promise<void> {
  const record = recordOf(work, logicalId)
  const verb = record.status.startsWith('UPDATE') ? 'UPDATE' : 'CREATE'
  const reason = `Resource ${verb === 'UPDATE' ? 'update' : 'creation'} cancelled`
  const { physicalId } = record.current
  await work.journal.write({
    resources: [withStatus(record, `${verb}_FAILED`, work.clock.now(), reason)],
    events: [resourceEvent(record, `${verb}_FAILED`, { physicalId, reason })],
  })
}
