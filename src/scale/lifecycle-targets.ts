import type { LifecycleTargets } from '../compute/draw-metadata.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf } from '../reconcile/reconciler.ts'
import { mirroredLists } from '../store/mirrored-lists.ts'
import { targetLifecycleOf } from './domain/target-lifecycle.ts'
import { groups, members } from './group.ts'

/** Where every member is on its way to, for the metadata of its instance: `autoscaling/target-lifecycle-state`. */
export function lifecycleTargets(context: EngineContext): LifecycleTargets {
  const lists = mirroredLists(context)
  return {
    async list() {
      const [staff, all] = await Promise.all([lists.listAll(members), lists.listAll(groups)])
      const pools = new Map(
        all.map(({ scope, value }) => [keyOf(scope, value.name), value.warmPool?.state]),
      )
      return new Map(
        staff.flatMap(({ scope, value }) => {
          if (value.instanceId === undefined) return []
          const pool = pools.get(keyOf(scope, value.groupName))
          return [[keyOf(scope, value.instanceId), targetLifecycleOf(value, pool)] as const]
        }),
      )
    },
    onChange: (listener) => context.store.watch(members, listener),
  }
}
