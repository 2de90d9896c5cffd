import { reasonOf } from '../kernel/errors.ts'
import type { Scope } from '../kernel/scope.ts'
import { abandonResource, applyResource, isUnknown, refuseResource } from './apply-resource.ts'
import { Cancellation } from './cancellation.ts'
import { concludePhase } from './conclude-phase.ts'
import { TemplateProblem } from './domain/template-problem.ts'
import { planApply, type ApplyPlan, type Task } from './plan-apply.ts'
import { planTasks } from './plan-tasks.ts'
import { removeLeftover, removeResource } from './remove-resource.ts'
import { Interrupted, type WorkContext } from './resource-work.ts'
import { restoreResource } from './restore-resource.ts'
import type { StackModel } from './stack-model.ts'
import type { StackRecord } from './stack-records.ts'
import { monitoredUntil } from './domain/rollback-triggers.ts'
import { phaseOf, type Phase } from './stack-status.ts'

/**
 * Resource operations of one stack at the same time. Beyond it the launches of one stack would only wait for each other on the host,
 * and starve other stacks.
 */
const parallelMax = 32

/** The words of a creation that took longer than TimeoutInMinutes. */
const timeoutReason = 'Stack creation time exceeded the specified timeout.'

interface Running {
  readonly phase: Phase
  readonly cancellation: Cancellation
  readonly done: Promise<void>
}

/** What alarms say: `ALARM`, another state, or undefined when there is no such alarm. */
export interface AlarmStates {
  state(scope: Scope, alarmName: string): Promise<string | undefined>
}

/** How often the alarms of an operation are looked at. */
const alarmsMilliseconds = 5000

export interface RunContext extends WorkContext {
  readonly alarms?: AlarmStates | undefined
  /** Of the stack's target as it is now. */
  readonly modelOf: (stack: StackRecord) => Promise<StackModel>
}

/**
 * Works on one stack until it rests: looks at its records, plans, acts, again. All that it knows is in the records, so that another
 * server can go on at any moment.
 */
export class StackRun {
  readonly #context: RunContext
  readonly #running = new Map<string, Running>()
  #wake = Promise.withResolvers<void>()
  #broken: unknown
  /** Why the alarms roll this operation back. */
  #alarmed: string | undefined

  /** Stops the rest when our own bookkeeping failed: nothing is recorded of it, the next activation carries on. */
  readonly #halt = new AbortController()

  constructor(context: RunContext) {
    const stopping = AbortSignal.any([context.stopping, this.#halt.signal])
    this.#context = { ...context, stopping }
  }

  /** Something else changed the stack: look again. */
  poke(): void {
    this.#wake.resolve()
  }

  /** Resolves when the stack rests, or this server stops and nothing runs any more. */
  async run(): Promise<void> {
    const { stopping, journal } = this.#context
    const poke = (): void => this.poke()
    stopping.addEventListener('abort', poke, { once: true })
    try {
      while (!stopping.aborted && this.#broken === undefined) {
        this.#wake = Promise.withResolvers()
        await journal.refresh()
        if (!phaseOf(journal.stack.status) && this.#running.size === 0) return
        const hasMoved = await this.#step()
        if (!hasMoved) await this.#rest()
      }
    } finally {
      stopping.removeEventListener('abort', poke)
      this.#halt.abort()
      await Promise.all([...this.#running.values()].map(({ done }) => done))
    }
    if (this.#broken !== undefined) throw this.#broken
  }

  /** Plans once and acts; whether anything moved that asks for another look at once. */
  async #step(): Promise<boolean> {
    const { journal } = this.#context
    const { stack } = journal
    const phase = phaseOf(stack.status)
    const stale = [...this.#running.values()].filter((running) => running.phase !== phase)
    if (!phase || stale.length > 0) {
      for (const { cancellation } of stale) cancellation.request()
      return false
    }
    const model = await this.#context.modelOf(stack)
    if (phase === 'apply' && (await this.#refuseBeforehand(model))) return true
    const tasks = planTasks(stack, journal.resources(), model.wanted)
    await this.#lookAtAlarms()
    const isTimedOut = this.#deadline() <= this.#context.clock.now()
    const plan = planApply({
      tasks,
      running: new Set(this.#running.keys()),
      failure: phase === 'apply' ? 'together' : 'apart',
      isStopping:
        phase === 'apply' &&
        (isTimedOut || stack.isCancelled === true || this.#alarmed !== undefined),
      parallelMax,
    })
    return this.#act(plan, phase, model, tasks)
  }

  async #act(
    plan: ApplyPlan,
    phase: Phase,
    model: StackModel,
    tasks: readonly Task[],
  ): Promise<boolean> {
    for (const id of plan.cancel) this.#running.get(id)?.cancellation.request()
    for (const id of plan.abandon) await abandonResource(this.#context, id)
    for (const id of plan.start) this.#start(id, phase, model)
    if (!plan.outcome) return plan.abandon.length > 0
    if (plan.outcome === 'complete' && phase === 'apply' && (await this.#isMonitored()))
      return false
    const { stack } = this.#context.journal
    const isAdded = (id: string): boolean =>
      this.#context.journal.resource(id)?.status === 'CREATE_FAILED'
    const failedIds = tasks.filter(({ state }) => state === 'failed').map((task) => task.logicalId)
    const reason = this.#reasonOf(stack, failedIds)
    await concludePhase(this.#context, model, {
      outcome: plan.outcome,
      failedIds: failedIds.toSorted(),
      addedIds: failedIds.filter(isAdded).toSorted(),
      ...(plan.outcome === 'failed' && reason !== undefined ? { reason } : {}),
    })
    return true
  }

  #reasonOf(stack: StackRecord, failedIds: readonly string[]): string | undefined {
    if (stack.status === 'UPDATE_IN_PROGRESS' && stack.isCancelled) return 'User Initiated'
    if (this.#alarmed !== undefined && phaseOf(stack.status) === 'apply') return this.#alarmed
    const isTimedOut = this.#deadline() <= this.#context.clock.now()
    if (!isTimedOut || stack.status !== 'CREATE_IN_PROGRESS') return undefined
    const list = failedIds.toSorted().join(', ')
    return failedIds.length === 0
      ? timeoutReason
      : `${timeoutReason} The following resource(s) failed to create: [${list}].`
  }

  /** Finds what cannot work in any resource before the first one is made. */
  async #refuseBeforehand(model: StackModel): Promise<boolean> {
    const { journal, typeOf } = this.#context
    const { generation } = journal.stack
    const records = [...journal.resources().values()]
    if (records.some((record) => record.generation === generation)) return false
    const environment = model.planned((id) => journal.resource(id)?.current)
    let hasRefused = false
    for (const logicalId of model.included) {
      const type = typeOf(model.template.resources.get(logicalId)?.type ?? '')
      const reason = type
        ? problemOf(() => {
            model.policies(logicalId, type, environment)
            return model.properties(logicalId, type, environment)
          })
        : undefined
      if (reason === undefined) continue
      await refuseResource(this.#context, model, logicalId, reason)
      hasRefused = true
    }
    return hasRefused
  }

  #start(logicalId: string, phase: Phase, model: StackModel): void {
    const record = this.#context.journal.resource(logicalId)
    const isResumed = record?.generation === this.#context.journal.stack.generation
    const isUpdate = this.#context.journal.stack.status.startsWith('UPDATE')
    const cancellation = new Cancellation(
      !(isResumed && isUnknown(record)),
      `Resource ${isUpdate ? 'update' : 'creation'} cancelled`,
    )
    const done = this.#work(logicalId, phase, model, cancellation)
      .catch((thrown: unknown) => {
        if (!(thrown instanceof Interrupted)) this.#broken ??= thrown ?? new Error('no reason')
      })
      .finally(() => {
        this.#running.delete(logicalId)
        this.poke()
      })
    this.#running.set(logicalId, { phase, cancellation, done })
  }

  #work(
    logicalId: string,
    phase: Phase,
    model: StackModel,
    cancellation: Cancellation,
  ): Promise<void> {
    switch (phase) {
      case 'apply':
        return applyResource(this.#context, model, logicalId, cancellation)
      case 'restore':
        return restoreResource(this.#context, logicalId, cancellation)
      case 'remove':
        return removeResource(this.#context, logicalId)
      case 'clean':
        return model.wanted.has(logicalId)
          ? removeLeftover(this.#context, logicalId)
          : removeResource(this.#context, logicalId)
    }
  }

  /** Milliseconds since the epoch; infinite for a stack without a timeout. */
  #deadline(): number {
    const { status, startedAt, timeoutMinutes } = this.#context.journal.stack
    if (status !== 'CREATE_IN_PROGRESS' || timeoutMinutes === undefined) return Infinity
    return startedAt + timeoutMinutes * 60_000
  }

  /** Alarms are looked at while resources are made or changed, never while that is undone. */
  async #lookAtAlarms(): Promise<void> {
    const { alarms, journal, scope } = this.#context
    const { status, target } = journal.stack
    const arns = phaseOf(status) === 'apply' ? (target.rollback?.alarmArns ?? []) : []
    if (this.#alarmed !== undefined || !alarms) return
    for (const arn of arns) {
      const state = await alarms.state(scope, arn.slice(arn.indexOf(':alarm:') + ':alarm:'.length))
      if (state === undefined) this.#alarmed = `Rollback trigger [${arn}] does not exist.`
      if (state === 'ALARM') this.#alarmed = `Rollback trigger [${arn}] is in state ALARM.`
      if (this.#alarmed !== undefined) return
    }
  }

  /** Whether everything is there, and the alarms are still to be looked at for a while. */
  async #isMonitored(): Promise<boolean> {
    const { journal, clock } = this.#context
    const { target, monitoringSince } = journal.stack
    const until = monitoredUntil(target.rollback, monitoringSince)
    if (until !== 'begins') return until !== undefined && clock.now() < until
    const since = clock.now()
    await journal.write({ stack: (stack) => ({ ...stack, monitoringSince: since }) })
    return true
  }

  /** Until an operation ends, the stack changes, its time is over or the server stops. */
  async #rest(): Promise<void> {
    const { status, target } = this.#context.journal.stack
    const isWatched = phaseOf(status) === 'apply' && (target.rollback?.alarmArns.length ?? 0) > 0
    const left = this.#deadline() - this.#context.clock.now()
    const remaining = isWatched ? Math.min(left, alarmsMilliseconds) : left
    if (!Number.isFinite(remaining) || remaining <= 0) return this.#wake.promise
    const over = new AbortController()
    await Promise.race([this.#wake.promise, this.#context.clock.sleep(remaining, over.signal)])
    over.abort()
  }
}

function problemOf(
  check: () => { readonly ok: boolean; readonly reason?: string },
): string | undefined {
  try {
    return check().reason
  } catch (thrown) {
    if (thrown instanceof TemplateProblem) return reasonOf(thrown)
    throw thrown
  }
}
