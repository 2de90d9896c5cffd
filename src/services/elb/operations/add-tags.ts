import { withTags } from '../../../kernel/tags.ts'
import type { ElbOperation } from '../deps.ts'
import { reservedTagKey } from '../errors.ts'
import { balancersNamed } from '../find.ts'
import { checkTags, readTags } from '../tags.ts'

export const addTags: ElbOperation<'AddTags'> = {
  accepts: { LoadBalancerNames: true, Tags: { Key: true, Value: true } },
  async handle(input, { scope }, deps) {
    const added = readTags(input.Tags)
    if (added.some(({ Key }) => /^aws:/i.test(Key))) throw reservedTagKey()
    const found = await balancersNamed(deps, scope, input.LoadBalancerNames ?? [''])
    for (const { name } of found) {
      await deps.balance.classics.modify(scope, name, (balancer) => ({
        ...balancer,
        tags: checkTags(withTags(balancer.tags, added)),
      }))
    }
    return {}
  },
}
