import { silentLog } from '../kernel/ports.ts'
import { createObjects, type Objects } from '../objects/create-objects.ts'
import type { Store } from '../store/records.ts'
import { fakeSealer } from './fake-sealer.ts'
import { manualClock, type ManualClock } from './manual-clock.ts'
import { memoryBlobs, type MemoryBlobs } from './memory-blobs.ts'
import { memoryStore } from './memory-store.ts'
import { seededRandom } from './seeded-random.ts'

export interface ObjectsWorld extends Objects {
  readonly clock: ManualClock
  readonly store: Store
  readonly blobs: MemoryBlobs
}

/** The objects engine in memory. */
export function objectsWorld(): ObjectsWorld {
  const clock = manualClock()
  const store = memoryStore(clock)
  const blobs = memoryBlobs(clock)
  const context = {
    store,
    clock,
    random: seededRandom(1),
    log: silentLog,
    events: { publish: () => undefined },
    wake: { wake: () => undefined },
  }
  return { ...createObjects(context, blobs, fakeSealer), clock, store, blobs }
}
