import { BrokenInvariant } from '../kernel/assert.ts'
import { DriverError, reasonOf } from '../kernel/errors.ts'
import { KeyQueue } from './key-queue.ts'
import type { LoopContext } from './loop.ts'
import type { Outcome, Reconciler } from './reconciler.ts'

/** A lease outlives two lost renewals; another server takes over this long after a server died. */
export const leaseMilliseconds = 15_000
const renewMilliseconds = leaseMilliseconds / 3

/** Delay after the first failure; it doubles with each one in a row. */
const backoffFirstMilliseconds = 100
/** A thing that fails for long is tried this often: soon enough for a person who mended it, and no load. */
export const backoffMaxMilliseconds = 30_000

export function backoffMilliseconds(failures: number): number {
  const doubled = backoffFirstMilliseconds * 2 ** Math.min(failures - 1, 30)
  return Math.min(doubled, backoffMaxMilliseconds)
}

/** One reconciler: takes its lease, keeps its queue and runs its activations. */
export class ReconcilerWorker {
  readonly #context: LoopContext
  readonly #reconciler: Reconciler
  readonly #queue: KeyQueue
  readonly #failures = new Map<string, number>()
  readonly #activations = new Set<Promise<void>>()
  readonly #unwatch: (() => void)[] = []
  #stopping = new AbortController()
  /** Present while the lease is held; aborted when it is lost. */
  #tenure: AbortController | undefined
  #heldUntil = 0
  #background: Promise<unknown> = Promise.resolve()
  #listings = 0
  #progress = Promise.withResolvers<void>()

  constructor(context: LoopContext, reconciler: Reconciler) {
    this.#context = context
    this.#reconciler = reconciler
    this.#queue = new KeyQueue(context.clock, () => queueMicrotask(() => this.#dispatch()))
  }

  async start(): Promise<void> {
    this.#stopping = new AbortController()
    await this.#renew()
    this.#background = this.#keepLease(this.#stopping.signal)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    const wasHeld = this.#tenure !== undefined
    this.#leave()
    await this.#background
    await Promise.allSettled(this.#activations)
    if (!wasHeld) return
    await this.#context.store.lease(this.#leaseName, this.#context.holder, 0).catch(() => undefined)
  }

  /** Dropped while another server has the lease: its own watch and period see the same thing. */
  wake(key: string): void {
    if (this.#tenure) this.#queue.wake(key)
  }

  isBusy(): boolean {
    return this.#listings > 0 || this.#queue.isBusy()
  }

  /** Resolves at the next end of an activation or a listing. */
  progress(): Promise<void> {
    return this.#progress.promise
  }

  get #leaseName(): string {
    return `reconcile/${this.#reconciler.name}`
  }

  async #keepLease(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      await this.#context.clock.sleep(renewMilliseconds, stopping)
      if (stopping.aborted) return
      // A store that does not answer must not keep us in office past the end of the lease.
      const patience = Math.max(renewMilliseconds, this.#heldUntil - this.#context.clock.now())
      await Promise.race([this.#renew(), this.#context.clock.sleep(patience, stopping)])
      if (this.#tenure && this.#context.clock.now() >= this.#heldUntil) this.#leave()
    }
  }

  async #renew(): Promise<void> {
    const { store, clock, holder, log } = this.#context
    const askedAt = clock.now()
    try {
      const lease = await store.lease(this.#leaseName, holder, leaseMilliseconds)
      if (this.#stopping.signal.aborted) return
      if (!lease) return this.#leave()
      this.#heldUntil = askedAt + leaseMilliseconds
      const isCurrent = clock.now() < this.#heldUntil
      if (isCurrent && !this.#tenure) await this.#enter()
    } catch (thrown) {
      log.write('warn', `could not renew the lease of ${this.#reconciler.name}`, {
        reason: reasonOf(thrown),
      })
    }
  }

  async #enter(): Promise<void> {
    const tenure = new AbortController()
    this.#tenure = tenure
    for (const source of this.#reconciler.wakes) {
      const unwatch = this.#context.store.watch(source.kind, (changes) => {
        for (const change of changes) for (const key of source.keysOf(change)) this.wake(key)
      })
      this.#unwatch.push(unwatch)
    }
    await this.#visitAll()
    void this.#visitByPeriod(tenure.signal)
  }

  #leave(): void {
    this.#tenure?.abort()
    this.#tenure = undefined
    for (const unwatch of this.#unwatch.splice(0)) unwatch()
    this.#queue.clear()
    this.#failures.clear()
    this.#moved()
  }

  async #visitByPeriod(tenure: AbortSignal): Promise<void> {
    for (;;) {
      await this.#context.clock.sleep(this.#reconciler.periodMilliseconds, tenure)
      if (tenure.aborted) return
      await this.#visitAll()
    }
  }

  async #visitAll(): Promise<void> {
    this.#listings++
    try {
      const keys = await this.#reconciler.keys()
      // A key that failed has its own time to come back.
      for (const key of keys) if (!this.#failures.has(key)) this.wake(key)
    } catch (thrown) {
      this.#context.log.write('error', `could not list the keys of ${this.#reconciler.name}`, {
        reason: reasonOf(thrown),
      })
    } finally {
      this.#listings--
      this.#moved()
    }
  }

  #dispatch(): void {
    while (this.#tenure && this.#queue.runningCount < this.#reconciler.concurrencyMax) {
      const key = this.#queue.take()
      if (key === undefined) return
      const activation = this.#activate(key, this.#tenure.signal)
      this.#activations.add(activation)
      void activation.finally(() => this.#activations.delete(activation))
    }
  }

  async #activate(key: string, signal: AbortSignal): Promise<void> {
    try {
      const outcome = await this.#reconciler.reconcile(key, signal)
      this.#failures.delete(key)
      this.#finish(key, signal, { failed: false, ...outcome })
    } catch (thrown) {
      this.#finish(key, signal, { failed: true, ...this.#failed(key, signal, thrown) })
    } finally {
      this.#moved()
      this.#dispatch()
    }
  }

  #finish(
    key: string,
    signal: AbortSignal,
    outcome: { failed: boolean; againAfterMilliseconds?: number },
  ): void {
    // What ended after the lease was lost is not ours to bring back.
    const isOver = signal.aborted && this.#tenure?.signal !== signal
    this.#queue.finish(key, isOver ? { failed: false } : outcome)
  }

  /** Our own bug gets no quick second try: the next period sees it again, so that it is logged at that pace. */
  #failed(key: string, signal: AbortSignal, thrown: unknown): Outcome {
    if (signal.aborted) return {}
    const { log } = this.#context
    const text = `${this.#reconciler.name} failed`
    if (thrown instanceof BrokenInvariant) {
      log.write('error', text, { key, reason: thrown.stack ?? thrown.message })
      return {}
    }
    const failures = (this.#failures.get(key) ?? 0) + 1
    this.#failures.set(key, failures)
    const againAfterMilliseconds = backoffMilliseconds(failures)
    const isWorld = thrown instanceof DriverError
    const reason = isWorld
      ? thrown.message
      : thrown instanceof Error
        ? thrown.stack
        : String(thrown)
    log.write(isWorld ? 'warn' : 'error', text, { key, failures, againAfterMilliseconds, reason })
    return { againAfterMilliseconds }
  }

  #moved(): void {
    this.#progress.resolve()
    this.#progress = Promise.withResolvers<void>()
  }
}
