import { instances } from '../compute/instance.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Store } from '../store/records.ts'
import { classicBalancerArn, classicBalancerName } from './arns.ts'
import type { Classics } from './create-classics.ts'
import { classicTargetView } from './plan-classic-health.ts'
import { classicPrefix, type Targets } from './targets.ts'

/** Target groups, and classic balancers as if each were one: by their ARN. `scale` and `deploy` need not tell them apart. */
export function joinTargets(
  store: Store,
  groups: Targets,
  { classics, classicRegistry: registry }: Classics,
): Targets {
  const zoneOf = async (scope: Scope, id: string): Promise<string | undefined> =>
    (await store.find(instances, scope, id))?.value.zone
  return {
    async list(scope, arn) {
      const name = classicBalancerName(scope, arn)
      if (name === undefined) return groups.list(scope, arn)
      const balancer = await classics.find(scope, name)
      if (balancer === undefined) return undefined
      const all = await registry.health(scope, name)
      return Promise.all(
        all.map(async (health) =>
          classicTargetView(balancer, health, await zoneOf(scope, health.instanceId)),
        ),
      )
    },
    async arnOfName(scope, name) {
      if (!name.startsWith(classicPrefix)) return groups.arnOfName(scope, name)
      const found = await classics.find(scope, name.slice(classicPrefix.length))
      return found && classicBalancerArn(scope, found.name)
    },
    async register(scope, arn, refs) {
      const name = classicBalancerName(scope, arn)
      if (name === undefined) return groups.register(scope, arn, refs)
      return registry.register(
        scope,
        name,
        refs.map((ref) => ref.targetId),
      )
    },
    async deregister(scope, arn, refs) {
      const name = classicBalancerName(scope, arn)
      if (name === undefined) return groups.deregister(scope, arn, refs)
      return registry.deregister(
        scope,
        name,
        refs.map((ref) => ref.targetId),
      )
    },
  }
}
