import { reversed, type Task } from './plan-apply.ts'
import type { Incarnation, ResourceRecord, StackRecord } from './stack-records.ts'
import { phaseOf, type ResourceStatus } from './stack-status.ts'

/** The resources of the target, each with what it depends on. */
export type Wanted = ReadonlyMap<string, readonly string[]>

/** The tasks of the phase that the stack is in. Pure: records in, tasks out. */
export function planTasks(
  stack: StackRecord,
  resources: ReadonlyMap<string, ResourceRecord>,
  wanted: Wanted,
): readonly Task[] {
  switch (phaseOf(stack.status)) {
    case 'apply':
      return applyTasks(stack, resources, wanted)
    case 'restore':
      return restoreTasks(stack, resources)
    case 'remove':
      return reversed(removeTasks(stack, resources))
    case 'clean':
      return reversed(cleanTasks(stack, resources, wanted))
    case undefined:
      return []
  }
}

function recordsOf(resources: ReadonlyMap<string, ResourceRecord>): readonly ResourceRecord[] {
  return [...resources.values()]
}

function applyTasks(
  stack: StackRecord,
  resources: ReadonlyMap<string, ResourceRecord>,
  wanted: Wanted,
): readonly Task[] {
  return [...wanted].map(([logicalId, after]) => {
    const record = resources.get(logicalId)
    const isReached = record?.generation === stack.generation
    return { logicalId, after, state: isReached ? stateOf(record.status) : 'waiting' }
  })
}

function stateOf(status: ResourceStatus): Task['state'] {
  if (status.endsWith('_IN_PROGRESS')) return 'working'
  return status.endsWith('_FAILED') ? 'failed' : 'done'
}

/** Everything that the failed update changed and that was there before; what is restored has nothing before it any more. */
function restoreTasks(
  stack: StackRecord,
  resources: ReadonlyMap<string, ResourceRecord>,
): readonly Task[] {
  return recordsOf(resources).flatMap((record) => {
    if (!record.before || record.generation !== stack.generation) return []
    return [
      {
        logicalId: record.logicalId,
        after: record.before.dependsOn,
        state: sideStateOf(record, 'restore'),
      },
    ]
  })
}

function sideStateOf(record: ResourceRecord, phase: 'restore' | 'clean'): Task['state'] {
  return record.side?.phase === phase ? record.side.state : 'waiting'
}

const removedStates: Partial<Record<ResourceStatus, Task['state']>> = {
  DELETE_IN_PROGRESS: 'working',
  DELETE_COMPLETE: 'done',
  DELETE_SKIPPED: 'done',
}

/** Tasks of removal, still in the order of making. A failure of an earlier deletion is tried again. */
function removeTasks(
  stack: StackRecord,
  resources: ReadonlyMap<string, ResourceRecord>,
): readonly Task[] {
  return recordsOf(resources).map((record) => removeTask(stack, record))
}

function removeTask(stack: StackRecord, record: ResourceRecord): Task {
  const dependsOn = incarnationsOf(record).flatMap((incarnation) => incarnation.dependsOn)
  const after = [...new Set(dependsOn)].filter((id) => id !== record.logicalId)
  const hasFailed = record.status === 'DELETE_FAILED' && record.generation === stack.generation
  const state = hasFailed ? 'failed' : (removedStates[record.status] ?? 'waiting')
  return { logicalId: record.logicalId, after, state }
}

/** What is not in the target any more, and what replacements left. A leftover that is gone is no task. */
function cleanTasks(
  stack: StackRecord,
  resources: ReadonlyMap<string, ResourceRecord>,
  wanted: Wanted,
): readonly Task[] {
  return recordsOf(resources).flatMap((record) => {
    const { logicalId } = record
    if (!wanted.has(logicalId)) return [removeTask(stack, record)]
    const leftover = leftoverOf(record)
    if (!leftover) return []
    return [{ logicalId, after: leftover.dependsOn, state: sideStateOf(record, 'clean') }]
  })
}

/** What a replaced resource left behind, or what an undone replacement had made. */
export function leftoverOf(record: ResourceRecord): Incarnation | undefined {
  if (record.surplus) return record.surplus
  return record.before && record.before.number !== record.current.number ? record.before : undefined
}

/** Every making of a resource that may still be there. */
export function incarnationsOf(record: ResourceRecord): readonly Incarnation[] {
  const leftover = leftoverOf(record)
  return leftover ? [record.current, leftover] : [record.current]
}
