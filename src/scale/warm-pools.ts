import type { Scope } from '../kernel/scope.ts'
import { depart } from './depart-members.ts'
import { isPooled } from './domain/views.ts'
import { groups, members, type Group, type WarmPool } from './group.ts'
import { launchesSpot } from './launches-spot.ts'
import { retried } from './retried.ts'
import type { ScaleDeps } from './scale.ts'
import { mayHavePool } from './weights.ts'

/** What users ask of warm pools. */
export interface PoolRequests {
  /** Makes the pool, or changes it as a whole. */
  putPool(
    scope: Scope,
    groupName: string,
    pool: WarmPool,
  ): Promise<'put' | 'unknown' | 'group-is-deleting' | 'is-deleting' | 'mixed'>
  /** Its instances end first, with their hooks; by force the pool is gone at once, and no hook is asked. */
  removePool(
    scope: Scope,
    groupName: string,
    force: boolean,
  ): Promise<'removed' | 'unknown' | 'no-pool'>
}

export function poolRequests(deps: ScaleDeps): PoolRequests {
  const { store } = deps.context
  return {
    async putPool(scope, groupName, pool) {
      const before = await store.find(groups, scope, groupName)
      if (before && (await launchesSpot(deps, scope, before.value))) return 'mixed'
      return retried(() =>
        store.transaction(async (records) => {
          const record = await records.find(groups, scope, groupName)
          if (!record) return 'unknown'
          if (record.value.isDeleting) return 'group-is-deleting'
          if (record.value.warmPool?.isDeleting) return 'is-deleting'
          if (!mayHavePool(record.value)) return 'mixed'
          const { launchNotBefore: _pause, ...ready } = record.value
          await records.update(record, { ...ready, launchFailures: 0, warmPool: pool })
          return 'put'
        }),
      )
    },
    removePool: (scope, groupName, force) => removePool(deps, scope, groupName, force),
  }
}

async function removePool(
  deps: ScaleDeps,
  scope: Scope,
  groupName: string,
  force: boolean,
): Promise<'removed' | 'unknown' | 'no-pool'> {
  return retried(() =>
    deps.context.store.transaction(async (records) => {
      const record = await records.find(groups, scope, groupName)
      if (!record) return 'unknown'
      const { warmPool, ...rest } = record.value
      if (!warmPool) return 'no-pool'
      const all = await records.list(members, scope, { owner: groupName })
      const pooled = all.filter(({ value }) => isPooled(value.lifecycle))
      if (!force) {
        const isEmpty = !all.some(({ value }) => isPooled(value.lifecycle) || value.warm)
        const group: Group = isEmpty
          ? rest
          : { ...rest, warmPool: { ...warmPool, isDeleting: true } }
        await records.update(record, group)
        return 'removed'
      }
      await records.update(record, rest)
      const sizes = { from: pooled.length, to: 0 }
      for (const member of pooled) {
        await depart(deps, records, { group: rest, member, why: 'pool', sizes })
        const left = await records.find(members, scope, member.id)
        // No hook holds it any more.
        const hooks = { transition: 'terminating', waits: [] } as const
        if (left) await records.update(left, { ...left.value, hooks })
      }
      return 'removed'
    }),
  )
}
