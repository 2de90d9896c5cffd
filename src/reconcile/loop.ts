import type { Clock } from '../kernel/clock.ts'
import type { Log } from '../kernel/ports.ts'
import type { Store } from '../store/records.ts'
import { ReconcilerWorker } from './reconciler-worker.ts'
import type { Reconciler, WakePort } from './reconciler.ts'

export interface LoopContext {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /**
   * Who holds the leases. The same for every start of one installation, so that a server that was killed carries on at
   * once; different for each of several servers on one store.
   */
  readonly holder: string
}

export interface Loop extends WakePort {
  /** Before or after `start`. Names are unique. */
  add(reconciler: Reconciler): void
  /** Resolves when every reconciler has tried for its lease and queued the keys that exist. */
  start(): Promise<void>
  /** Aborts what runs, waits for it to end, and gives the leases back. */
  stop(): Promise<void>
  /** Resolves when nothing is queued or running; keys that wait for a time (backoff, `againAfter`) do not count. For tests. */
  idle(): Promise<void>
}

/** Runs reconcilers: each has a queue of keys, woken by changes, by period and through the wake port. */
export function createLoop(context: LoopContext): Loop {
  const workers = new Map<string, ReconcilerWorker>()
  let isStarted = false

  return {
    add(reconciler) {
      if (workers.has(reconciler.name)) throw new Error(`two reconcilers named ${reconciler.name}`)
      const worker = new ReconcilerWorker(context, reconciler)
      workers.set(reconciler.name, worker)
      if (isStarted) void worker.start()
    },
    wake(reconcilerName, key) {
      workers.get(reconcilerName)?.wake(key)
    },
    async start() {
      isStarted = true
      await Promise.all([...workers.values()].map((worker) => worker.start()))
    },
    async stop() {
      isStarted = false
      await Promise.all([...workers.values()].map((worker) => worker.stop()))
    },
    async idle() {
      while ([...workers.values()].some((worker) => worker.isBusy())) {
        await Promise.race([...workers.values()].map((worker) => worker.progress()))
      }
    },
  }
}
