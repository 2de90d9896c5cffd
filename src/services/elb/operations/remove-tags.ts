import { withoutTags } from '../../../kernel/tags.ts'
import type { ElbOperation } from '../deps.ts'
import { balancersNamed } from '../find.ts'

export const removeTags: ElbOperation<'RemoveTags'> = {
  accepts: { LoadBalancerNames: true, Tags: { Key: true } },
  async handle(input, { scope }, deps) {
    const keys = (input.Tags ?? []).map((tag) => tag.Key ?? '')
    const found = await balancersNamed(deps, scope, input.LoadBalancerNames ?? [''])
    for (const { name } of found) {
      await deps.balance.classics.modify(scope, name, (balancer) => ({
        ...balancer,
        tags: withoutTags(balancer.tags, keys),
      }))
    }
    return {}
  },
}
