import type { Clock } from '../kernel/clock.ts'
import { mirrorOf, type Mirror } from './mirror.ts'
import type { Kind, Store, StoredRecord } from './records.ts'

/** Whole lists for who draws them anew at every change: only what changed since the last call is read. */
export interface MirroredLists {
  /** As a store's, with every change that was told before the call; in the order of scopes and ids. */
  listAll<T>(kind: Kind<T>): Promise<readonly StoredRecord<T>[]>
  close(): void
}

/** A change of another server may get lost: each list is read whole again after so long. */
const periodMilliseconds = 30_000

export function mirroredLists(world: {
  readonly store: Store
  readonly clock: Clock
}): MirroredLists {
  const mirrors = new Map<string, Mirror<unknown>>()
  return {
    async listAll<T>(kind: Kind<T>) {
      // Two kinds of one name would be two definitions of the same records.
      const known = mirrors.get(kind.name) as Mirror<T> | undefined
      const mirror = known ?? mirrorOf(world, { kind, periodMilliseconds })
      if (known === undefined) mirrors.set(kind.name, mirror as Mirror<unknown>)
      return mirror.list()
    },
    close() {
      for (const mirror of mirrors.values()) mirror.close()
    },
  }
}
