import { pageOf } from '../../../kernel/page.ts'
import type { ElbOperation } from '../deps.ts'
import { validationError } from '../errors.ts'
import { balancersNamed } from '../find.ts'
import { balancerView } from '../views.ts'

/** AWS's largest page. */
const pageSizeMax = 400

export const describeLoadBalancers: ElbOperation<'DescribeLoadBalancers'> = {
  accepts: { LoadBalancerNames: true, Marker: true, PageSize: true },
  async handle(input, { scope }, deps) {
    const found = await balancersNamed(deps, scope, input.LoadBalancerNames)
    const itemsMax = input.PageSize ?? pageSizeMax
    if (itemsMax < 1 || itemsMax > pageSizeMax) {
      throw validationError(`PageSize must be between 1 and ${pageSizeMax}`)
    }
    const sorted = found.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    const page = pageOf(sorted, (one) => one.name, {
      nextToken: input.Marker || undefined,
      itemsMax,
    })
    if (page === undefined) throw validationError(`The marker '${input.Marker}' is not valid`)
    return {
      LoadBalancerDescriptions: await Promise.all(
        page.items.map((balancer) => balancerView(deps, scope, balancer)),
      ),
      NextMarker: page.nextToken,
    }
  },
}
