import { replaces, takesTags } from './apply-resource.ts'
import { planChanges, sameTags, type PlannedChange } from './plan-changes.ts'
import { asFound, type LiveResource } from './live-resource.ts'
import type { PreparedTarget, TargetContext } from './prepare-target.ts'
import { sameValue } from './same-value.ts'
import type { ResourceRecord, StackOutput, StackRecord, StackTarget } from './stack-records.ts'
import { invalid } from './stack-refusal.ts'

export interface TargetComparison {
  readonly changes: readonly PlannedChange[]
  /** Neither resources nor outputs nor tags change. */
  readonly isEmpty: boolean
  /** Whether the rest stays as it is when no resource changes. */
  readonly isRestSame: () => boolean
  /** What the outputs would be, as far as it can be told before. */
  readonly outputs: () => readonly StackOutput[]
  /** Properties that no type honours, in words: applying it will fail. */
  readonly unsupported: string | undefined
}

interface ComparedStack {
  readonly stack: Pick<StackRecord, 'outputs' | 'target'>
  readonly resources: readonly ResourceRecord[]
  /** Logical ids of nested stacks that were found to stay as they are. */
  readonly unchanged?: ReadonlySet<string> | undefined
  /** How the resources were found, where drift is to be reverted. */
  readonly live?: Live | undefined
}

export type Live = ReadonlyMap<string, LiveResource>

function foundOf(record: ResourceRecord, live: Live): ResourceRecord | undefined {
  const found = live.get(record.logicalId)
  return found ? asFound(record, found) : record
}

/** The changes with what was found; where the template says what is there by now, the stack only takes note of it. */
function withDrift(
  changes: readonly PlannedChange[],
  records: readonly ResourceRecord[],
  live: Live,
): readonly PlannedChange[] {
  const statusOf = (logicalId: string): Pick<PlannedChange, 'driftStatus'> => {
    const found = live.get(logicalId)
    return found ? { driftStatus: found.status } : {}
  }
  const noted = records.filter(
    ({ logicalId }) =>
      live.get(logicalId)?.status === 'MODIFIED' &&
      !changes.some((change) => change.logicalId === logicalId),
  )
  return [
    ...changes.map((change) => ({ ...change, ...statusOf(change.logicalId) })),
    ...noted.map(({ logicalId, type, current: { physicalId } }): PlannedChange => ({
      ...{ action: 'SyncWithActual', logicalId, type, scope: [], details: [] },
      ...(physicalId === undefined ? {} : { physicalId }),
      driftStatus: 'MODIFIED',
    })),
  ].toSorted((a, b) => (a.logicalId < b.logicalId ? -1 : 1))
}

/** What a target would change in a stack. Throws a `StackRefusal` when a resource would get another type. */
export function compareTarget(
  { typeOf }: Pick<TargetContext, 'typeOf'>,
  { stack, resources, unchanged, live }: ComparedStack,
  { model, target, previous }: PreparedTarget,
): TargetComparison {
  const recorded = resources.filter(({ status }) => !status.startsWith('DELETE'))
  const existing = live ? recorded.flatMap((record) => foundOf(record, live) ?? []) : recorded
  const records = new Map(existing.map((record) => [record.logicalId, record]))
  refuseOtherTypes(model.template.resources, recorded)
  const typeNamed = (logicalId: string): ReturnType<typeof typeOf> =>
    typeOf(model.template.resources.get(logicalId)?.type ?? '')
  const isRetagged = !sameTags(target.tags, stack.target.tags)
  const planned = planChanges({
    template: model.template,
    included: model.included,
    records,
    environment: (made) => model.planned(made),
    properties(logicalId, environment) {
      const type = typeNamed(logicalId)
      const coerced = type ? model.properties(logicalId, type, environment) : undefined
      return coerced?.ok ? coerced.properties : undefined
    },
    alwaysUpdates: (logicalId) =>
      !unchanged?.has(logicalId) && typeNamed(logicalId)?.alwaysUpdates === true,
    previous,
    changedParameters: changedParameters(stack.target, target),
    hiddenParameters: new Set([...stack.target.hidden, ...target.hidden]),
    retags: (type) => isRetagged && takesTags(typeOf(type)),
    replaces: (type, property) => replaces(typeOf(type), { [property]: 1 }, { [property]: 2 }),
  })
  const changes = live ? withDrift(planned, recorded, live) : planned
  const fresh = new Set(changes.filter(isFresh).map(({ logicalId }) => logicalId))
  const outputs = (): readonly StackOutput[] =>
    model.outputs(model.planned((id) => (fresh.has(id) ? undefined : records.get(id)?.current)))
  const isRestSame = (): boolean => {
    const isSame = sameValue(outputs(), stack.outputs)
    return isSame && !isRetagged && !isRewatched(stack.target, target)
  }
  const isEmpty = changes.length === 0 && isRestSame()
  return { changes, isEmpty, isRestSame, outputs, unsupported: unsupportedIn(typeOf, model) }
}

/** Whether a change makes a new resource, so that what is there now tells nothing of it. */
export function isFresh({ action, replacement }: PlannedChange): boolean {
  return action === 'Add' || replacement === 'True'
}

type Watched = Pick<StackTarget, 'notificationArns' | 'rollback'>

function isRewatched(before: Watched, after: Watched): boolean {
  const isSame = sameValue(before.notificationArns, after.notificationArns)
  return !isSame || !sameValue(before.rollback, after.rollback)
}

function changedParameters(
  before: Pick<StackTarget, 'parameters' | 'resolved'>,
  after: Pick<StackTarget, 'parameters' | 'resolved'>,
): ReadonlySet<string> {
  const old: Readonly<Record<string, string>> = { ...before.parameters, ...before.resolved }
  const values = Object.entries({ ...after.parameters, ...after.resolved })
  return new Set(values.filter(([name, value]) => old[name] !== value).map(([name]) => name))
}

function unsupportedIn(
  typeOf: TargetContext['typeOf'],
  model: PreparedTarget['model'],
): string | undefined {
  const environment = model.environment()
  const reasons = [...model.included].flatMap((logicalId) => {
    const type = typeOf(model.template.resources.get(logicalId)?.type ?? '')
    const coerced = type ? model.properties(logicalId, type, environment) : undefined
    return coerced && !coerced.ok ? [coerced.reason] : []
  })
  return reasons.length === 0 ? undefined : reasons.join('\n')
}

function refuseOtherTypes(
  resources: ReadonlyMap<string, { readonly type: string }>,
  records: readonly ResourceRecord[],
): void {
  const changed = records.filter(({ logicalId, type }) => {
    const declared = resources.get(logicalId)
    return declared !== undefined && declared.type !== type
  })
  if (changed.length === 0) return
  const ids = changed.map(({ logicalId }) => logicalId).join(', ')
  throw invalid(
    `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${ids}]`,
  )
}
