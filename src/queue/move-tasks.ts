import type { Scope } from '../kernel/scope.ts'
import { uuid } from '../kernel/random.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Outcome, type Reconciler } from '../reconcile/reconciler.ts'
import { kindOf, modify } from '../store/records.ts'
import type { MessageStore } from './message-store.ts'
import type { QueueCatalogue } from './queue-catalogue.ts'
import type { Queue } from './queue.ts'
import { invalidParameter, QueueRefusal } from './refusal.ts'
import { isWithin } from './sending.ts'

export type MoveTaskStatus = 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED'

/** A redrive of a dead-letter queue, kept so that any server carries on with it. */
export interface MoveTask {
  readonly id: string
  readonly sourceArn: string
  /** Absent: each message goes where it came from. */
  readonly destinationArn?: string
  readonly perSecondMax?: number
  readonly status: MoveTaskStatus
  readonly startedAt: number
  readonly movedCount: number
  readonly toMoveCount: number
  readonly failureReason?: string
}

/** By id; the owner is the source's ARN. */
const moveTasks = kindOf<MoveTask>('queue/move-task')

/** AWS: ListMessageMoveTasks gives up to 10. */
const keptTasksMax = 10
const stepMessages = 200

export class MoveTasks {
  readonly reconciler: Reconciler
  readonly #context: EngineContext
  readonly #messages: MessageStore
  readonly #catalogue: QueueCatalogue

  constructor(context: EngineContext, messages: MessageStore, catalogue: QueueCatalogue) {
    this.#context = context
    this.#messages = messages
    this.#catalogue = catalogue
    this.reconciler = {
      name: 'queue/move-tasks',
      periodMilliseconds: 10_000,
      concurrencyMax: 4,
      keys: () => this.#openKeys(),
      wakes: [{ kind: moveTasks, keysOf: ({ scope, id }) => [keyOf(scope, id)] }],
      reconcile: (key) => this.#advance(key),
    }
  }

  async start(
    source: Queue,
    wish: { destination: Queue | undefined; perSecondMax: number | undefined },
  ): Promise<MoveTask> {
    const { store, clock, random } = this.#context
    const { destination, perSecondMax } = wish
    if (perSecondMax !== undefined && !isWithin(perSecondMax, 500, 1)) {
      throw invalidParameter('MaxNumberOfMessagesPerSecond must be between 1 and 500.')
    }
    if ((await this.#catalogue.sourcesOf(source)).length === 0) {
      throw invalidParameter('Source queue must be configured as a Dead Letter Queue.')
    }
    if (destination && destination.settings.isFifo !== source.settings.isFifo) {
      throw invalidParameter('Source and destination queues must be of the same type.')
    }
    const tasks = await this.list(source)
    if (tasks.some(({ status }) => status === 'RUNNING' || status === 'CANCELLING')) {
      throw new QueueRefusal(
        'UnsupportedOperation',
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      )
    }
    const { visible } = await this.#messages.count(source.key, clock.now())
    const task: MoveTask = {
      id: uuid(random),
      sourceArn: source.arn,
      ...(destination ? { destinationArn: destination.arn } : {}),
      ...(perSecondMax === undefined ? {} : { perSecondMax }),
      status: 'RUNNING',
      startedAt: clock.now(),
      movedCount: 0,
      toMoveCount: visible,
    }
    const at = { scope: source.scope, id: task.id, owner: source.arn }
    await store.insert(moveTasks, at, task)
    await this.#forgetOld(source)
    return task
  }

  /** The newest first. */
  async list(source: Queue): Promise<readonly MoveTask[]> {
    const { store } = this.#context
    const records = await store.list(moveTasks, source.scope, { owner: source.arn })
    return records.map(({ value }) => value).toSorted((a, b) => b.startedAt - a.startedAt)
  }

  /** How many were moved so far. */
  async cancel(scope: Scope, id: string): Promise<number> {
    const at = { kind: moveTasks, scope, id }
    const task = await modify(this.#context.store, at, (value): MoveTask => {
      if (value.status !== 'RUNNING') {
        throw new QueueRefusal(
          'UnsupportedOperation',
          'Only active tasks can be cancelled: this one has ended.',
        )
      }
      return { ...value, status: 'CANCELLED' }
    })
    if (task) return task.value.movedCount
    throw new QueueRefusal('ResourceNotFoundException', 'Task does not exist.')
  }

  async #openKeys(): Promise<readonly string[]> {
    const records = await this.#context.store.listAll(moveTasks)
    const open = records.filter(({ value }) => value.status === 'RUNNING')
    return open.map(({ scope, id }) => keyOf(scope, id))
  }

  async #forgetOld(source: Queue): Promise<void> {
    const { store } = this.#context
    const records = await store.list(moveTasks, source.scope, { owner: source.arn })
    const old = records.toSorted((a, b) => b.value.startedAt - a.value.startedAt)
    for (const record of old.slice(keptTasksMax)) await store.remove(record)
  }

  /** One step; the moves themselves are the state, the count beside them is what callers see. */
  async #advance(key: string): Promise<Outcome | undefined> {
    const { store, clock } = this.#context
    const { scope, id } = openKey(key)
    const record = await store.find(moveTasks, scope, id)
    if (!record || record.value.status !== 'RUNNING') return undefined
    const task = record.value
    const source = await this.#catalogue.byArn(task.sourceArn)
    const to = await this.#targetsOf(task, source)
    const at = { kind: moveTasks, scope, id }
    if (!source || to === undefined) {
      const failureReason = source ? 'CouldNotDetermineMessageSource' : 'SourceQueueDoesNotExist'
      await modify(store, at, (value): MoveTask => ({ ...value, status: 'FAILED', failureReason }))
      return undefined
    }
    const { perSecondMax } = task
    const limit =
      perSecondMax === undefined ? stepMessages : Math.max(1, Math.floor(perSecondMax / 10))
    const { moved, unplaced } = await this.#messages.move({
      from: source.key,
      limit,
      now: clock.now(),
      isFifo: source.settings.isFifo,
      to,
    })
    const isStuck = moved === 0 && unplaced > 0
    const isDone = moved === 0 && unplaced === 0
    await modify(store, at, (value): MoveTask | undefined => {
      if (value.status !== 'RUNNING' && moved === 0) return undefined
      const movedCount = value.movedCount + moved
      if (value.status !== 'RUNNING') return { ...value, movedCount }
      if (isDone) return { ...value, movedCount, status: 'COMPLETED' }
      if (isStuck) {
        const failureReason = 'CouldNotDetermineMessageSource'
        return { ...value, movedCount, status: 'FAILED', failureReason }
      }
      return { ...value, movedCount }
    })
    if (isDone || isStuck) return undefined
    return {
      againAfterMilliseconds: perSecondMax === undefined ? 1 : (limit * 1000) / perSecondMax,
    }
  }

  async #targetsOf(
    task: MoveTask,
    source: Queue | undefined,
  ): Promise<number | ReadonlyMap<string, number> | undefined> {
    if (task.destinationArn !== undefined) {
      return (await this.#catalogue.byArn(task.destinationArn))?.key
    }
    const sources = source ? await this.#catalogue.list(source.scope) : []
    return new Map(sources.map(({ arn, key }) => [arn, key]))
  }
}
