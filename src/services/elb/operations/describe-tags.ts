import type { ElbOperation } from '../deps.ts'
import { balancersNamed } from '../find.ts'

export const describeTags: ElbOperation<'DescribeTags'> = {
  accepts: { LoadBalancerNames: true },
  async handle(input, { scope }, deps) {
    const found = await balancersNamed(deps, scope, input.LoadBalancerNames ?? [''])
    return {
      TagDescriptions: found.map(({ name, tags }) => ({
        LoadBalancerName: name,
        Tags: [...tags],
      })),
    }
  },
}
