import { TemplateProblem } from './domain/template-problem.ts'
import { ExportProblem, releaseImports, writeExports } from './exports.ts'
import { planTransition, type PhaseEnd, type Transition } from './plan-transition.ts'
import type { WorkContext } from './resource-work.ts'
import { stackSignals } from './signals.ts'
import { stackEvent } from './stack-journal.ts'
import type { StackModel } from './stack-model.ts'
import {
  stackNames,
  type ResourceRecord,
  type StackOutput,
  type StackRecord,
} from './stack-records.ts'
import { phaseOf, type StackStatus } from './stack-status.ts'

/** Moves a stack on when its phase has ended: one commit of its new status, its outputs, its event, and what ends with it. */
export async function concludePhase(
  work: WorkContext,
  model: StackModel,
  end: PhaseEnd,
): Promise<void> {
  try {
    await conclude(work, end, outputsOf(work, model, end), model)
  } catch (thrown) {
    if (!(thrown instanceof ExportProblem)) throw thrown
    await conclude(work, end, { problem: thrown.message }, model)
  }
}

/** Throws an `ExportProblem`, with nothing written, when the outputs cannot be exported. */
async function conclude(
  work: WorkContext,
  end: PhaseEnd,
  computed: Computed,
  model: StackModel,
): Promise<void> {
  const { journal } = work
  const { status } = journal.stack
  const ended: PhaseEnd =
    'problem' in computed ? { outcome: 'failed', failedIds: [], reason: computed.problem } : end
  const { onFailure, keepsOnFailure, isCancelled } = journal.stack
  const keeps = keepsOnFailure === true && !isCancelled
  const transition = planTransition(status, ended, onFailure, keeps)
  if (!transition) return
  const isOver = !phaseOf(transition.status)
  const settled = isOver ? settledResources(work, model, transition) : nothingSettled
  const { name, uuid, target, stackId } = journal.stack
  await journal.write({
    stack: (stack) => {
      if (stack.status !== status) return undefined
      return moved(work, stack, transition, 'outputs' in computed ? computed.outputs : undefined)
    },
    events: [stackEvent(journal.stack, transition.status, transition.reason)],
    ...settled,
    also: async (records) => {
      const { scope } = work
      const isUndone = status.startsWith('UPDATE_ROLLBACK')
      if ('outputs' in computed && computed.outputs && !isUndone) {
        await writeExports(records, scope, { uuid, stackId }, computed.outputs)
      }
      const isGone = emptied.includes(transition.status)
      const isSettled =
        isOver &&
        transition.status !== 'UPDATE_ROLLBACK_FAILED' &&
        transition.status !== 'UPDATE_FAILED'
      if (isSettled)
        await releaseImports(records, scope, uuid, isGone ? {} : (target.imports ?? {}))
      if (transition.status !== 'DELETE_COMPLETE') return
      for (const signal of await records.list(stackSignals, scope, { idPrefix: `${uuid}/` })) {
        await records.remove(signal)
      }
      const record = await records.find(stackNames, scope, name)
      if (record?.value.uuid === uuid) await records.remove(record)
    },
  })
}

/** Nothing that the stack made is left to use what it imported. */
const emptied: readonly StackStatus[] = ['DELETE_COMPLETE', 'ROLLBACK_COMPLETE']

const nothingSettled: {
  readonly resources: readonly ResourceRecord[]
  readonly dropped: readonly string[]
} = { resources: [], dropped: [] }

type Computed =
  | { readonly outputs: readonly StackOutput[] | undefined }
  | { readonly problem: string }

/** Outputs are computed when everything is made, so that one that has no value fails the stack, as a resource does. */
function outputsOf(work: WorkContext, model: StackModel, end: PhaseEnd): Computed {
  const { status } = work.journal.stack
  const isDue = status === 'CREATE_IN_PROGRESS' || status === 'UPDATE_IN_PROGRESS'
  const isUndone = status === 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'
  if (!isUndone && (!isDue || end.outcome !== 'complete')) return { outputs: undefined }
  try {
    const environment = model.environment((id) => work.journal.resource(id)?.current)
    return { outputs: model.outputs(environment) }
  } catch (thrown) {
    if (thrown instanceof TemplateProblem) return { problem: thrown.message }
    throw thrown
  }
}

function moved(
  work: WorkContext,
  stack: StackRecord,
  transition: Transition,
  outputs: readonly StackOutput[] | undefined,
): StackRecord {
  const now = work.clock.now()
  const { statusReason: _, monitoringSince: _since, ...rest } = stack
  const next: StackRecord = {
    ...rest,
    status: transition.status,
    ...(transition.reason === undefined ? {} : { statusReason: transition.reason }),
    ...(outputs ? { outputs } : {}),
    ...(transition.status === 'DELETE_COMPLETE' ? { deletedAt: now } : {}),
  }
  if (transition.status === 'UPDATE_ROLLBACK_IN_PROGRESS' && stack.previous) {
    return { ...next, target: stack.previous }
  }
  const isBetween = ['UPDATE_ROLLBACK_FAILED', 'UPDATE_FAILED'].includes(transition.status)
  if (phaseOf(transition.status) || isBetween) return next
  const { previous: _previous, isCancelled: _isCancelled, retain: _retain, ...over } = next
  const { keepsOnFailure: _keeps, policyNow: _now, revertsDrift: _reverts, ...rested } = over
  return rested
}

/** At the end of an update: what it kept for going back is let go, and what is not in the target is no longer listed. */
function settledResources(
  work: WorkContext,
  model: StackModel,
  transition: Transition,
): typeof nothingSettled {
  const isUpdate =
    transition.status === 'UPDATE_COMPLETE' || transition.status === 'UPDATE_ROLLBACK_COMPLETE'
  if (!isUpdate) return nothingSettled
  const isUndone = transition.status === 'UPDATE_ROLLBACK_COMPLETE'
  const resources: ResourceRecord[] = []
  const dropped: string[] = []
  const { generation } = work.journal.stack
  const environment = model.environment((id) => work.journal.resource(id)?.current)
  for (const record of work.journal.resources().values()) {
    const declaration = model.template.resources.get(record.logicalId)
    if (!model.included.has(record.logicalId) || !declaration) dropped.push(record.logicalId)
    else if (isUndone && record.generation === generation) {
      const {
        before: _before,
        surplus: _surplus,
        side: _side,
        metadata: _metadata,
        ...rest
      } = record
      const metadata = model.metadata(record.logicalId, environment)
      const { deletionPolicy, updateReplacePolicy } = declaration
      const policies = { deletionPolicy, updateReplacePolicy }
      resources.push({ ...rest, ...policies, ...(metadata === undefined ? {} : { metadata }) })
    } else if (record.before || record.surplus || record.side) {
      const { before: _before, surplus: _surplus, side: _side, ...rest } = record
      resources.push(rest)
    }
  }
  return { resources, dropped }
}
