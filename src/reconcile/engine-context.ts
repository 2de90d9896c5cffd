import type { Clock } from '../kernel/clock.ts'
import type { EventPort, Log } from '../kernel/ports.ts'
import type { Random } from '../kernel/random.ts'
import type { Store } from '../store/records.ts'
import type { WakePort } from './reconciler.ts'

/** What every engine is made with. Drivers and other engines come beside it. */
export interface EngineContext {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly events: EventPort
  readonly wake: WakePort
}
