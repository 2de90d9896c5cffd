import type { Kind, Change } from '../store/records.ts'

/** What an activation asks for next. Nothing means: wake me by change or by period. */
export interface Outcome {
  readonly againAfterMilliseconds?: number
}

export interface Reconciler {
  /** Unique, `compute/instances`: names the lease and the log lines. */
  readonly name: string
  /** Every key is visited at least this often. */
  readonly periodMilliseconds: number
  /** Activations of different keys at the same time; bounds the load on drivers. */
  readonly concurrencyMax: number
  /** Every key that exists now. */
  keys(): Promise<readonly string[]>
  /** Changes of these kinds wake the keys that `keysOf` names. */
  readonly wakes: readonly Wake[]
  /** One activation. Throwing means: back off and come again. */
  reconcile(key: string, signal: AbortSignal): Promise<Outcome | undefined>
}

export interface Wake {
  readonly kind: Kind<unknown>
  keysOf(change: Change): readonly string[]
}

/** What engines get to wake a reconciler from an event that is not a record's change (a machine's exit). */
export interface WakePort {
  wake(reconcilerName: string, key: string): void
}

/** Keys of scoped things, `account/region/id`. */
export function keyOf(scope: { account: string; region: string }, id: string): string {
  return `${scope.account}/${scope.region}/${id}`
}

export function openKey(key: string): { scope: { account: string; region: string }; id: string } {
  const [account = '', region = '', ...rest] = key.split('/')
  return { scope: { account, region }, id: rest.join('/') }
}
