/** One resource's share of a phase. */
export interface Task {
  readonly logicalId: string
  /** Tasks that must be done first. Ids that are not among the tasks count as done. */
  readonly after: readonly string[]
  /** `working`: begun, by us or by a server that died. */
  readonly state: 'waiting' | 'working' | 'done' | 'failed'
}

export interface ApplyInput {
  readonly tasks: readonly Task[]
  /** What this server works on at the moment. */
  readonly running: ReadonlySet<string>
  /**
   * `together`: the first failure stops the phase, what runs is cancelled (making a stack). `apart`: the others go on, only what
   * waits for a failed one stays (removing).
   */
  readonly failure: 'together' | 'apart'
  /** Stops the phase as a failure does: its time is over, or the caller cancelled. */
  readonly isStopping: boolean
  readonly parallelMax: number
}

/** The next steps of a phase. Printable; empty while there is nothing to do but wait. */
export interface ApplyPlan {
  /** Begin, or carry on with what a server that died had begun. */
  readonly start: readonly string[]
  /** Running ones to be told to stop. */
  readonly cancel: readonly string[]
  /** Begun by a server that died and not worth carrying on: recorded as cancelled. */
  readonly abandon: readonly string[]
  readonly outcome: 'complete' | 'failed' | undefined
}

/**
 * Decides what a phase does next. As many as may run at once are started, so that nothing waits for anything but what it depends on
 * and the bound.
 */
export function planApply(input: ApplyInput): ApplyPlan {
  const { tasks, running, failure, isStopping } = input
  const hasFailed = isStopping || tasks.some(({ state }) => state === 'failed')
  if (hasFailed && failure === 'together') return planStop(input)
  const open = new Set(tasks.filter(({ state }) => state !== 'done').map(idOf))
  if (open.size === 0 && running.size === 0) return { ...nothing, outcome: 'complete' }
  const startable = tasks.filter(
    ({ logicalId, state, after }) =>
      !running.has(logicalId) &&
      (state === 'working' || (state === 'waiting' && !after.some((id) => open.has(id)))),
  )
  // What was begun before a crash comes first: others may already have been counted on it.
  const begun = startable.filter(({ state }) => state === 'working')
  const fresh = startable.filter(({ state }) => state === 'waiting')
  const room = Math.max(0, input.parallelMax - running.size)
  const start = [...begun, ...fresh].slice(0, room).map(idOf)
  const isStuck = start.length === 0 && running.size === 0
  return { ...nothing, start, outcome: isStuck ? 'failed' : undefined }
}

const nothing: ApplyPlan = { start: [], cancel: [], abandon: [], outcome: undefined }

function planStop({ tasks, running }: ApplyInput): ApplyPlan {
  const working = tasks.filter(({ state }) => state === 'working')
  const abandon = working.map(idOf).filter((id) => !running.has(id))
  const isOver = running.size === 0 && abandon.length === 0
  return { start: [], cancel: [...running], abandon, outcome: isOver ? 'failed' : undefined }
}

function idOf(task: Task): string {
  return task.logicalId
}

/** The same tasks backwards: each waits for those that were made after it and from it. */
export function reversed(tasks: readonly Task[]): readonly Task[] {
  const dependents = new Map<string, string[]>(tasks.map((task) => [task.logicalId, []]))
  for (const task of tasks) {
    for (const id of task.after) dependents.get(id)?.push(task.logicalId)
  }
  return tasks.map((task) => ({ ...task, after: dependents.get(task.logicalId) ?? [] }))
}
