import { balancerArn } from '../../../balance/arns.ts'
import type { Elbv2Operation } from '../deps.ts'
import { loadBalancerNotFound } from '../errors.ts'
import { idOf } from '../find.ts'
import { paged } from '../paging.ts'
import { balancerView } from '../views.ts'

export const describeLoadBalancers: Elbv2Operation<'DescribeLoadBalancers'> = {
  accepts: { LoadBalancerArns: true, Names: true, Marker: true, PageSize: true },
  async handle(input, { scope }, deps) {
    const all = await deps.balance.balancers.list(scope)
    const arns = input.LoadBalancerArns ?? []
    const names = input.Names ?? []
    for (const arn of arns) {
      idOf(scope, 'loadbalancer', arn)
      if (!all.some((one) => balancerArn(scope, one.balancerId) === arn)) {
        throw loadBalancerNotFound(arn)
      }
    }
    for (const name of names) {
      if (!all.some((one) => one.name === name)) throw loadBalancerNotFound(name)
    }
    const isAsked = arns.length + names.length > 0
    const found = all.filter(
      (one) =>
        !isAsked || arns.includes(balancerArn(scope, one.balancerId)) || names.includes(one.name),
    )
    const page = paged(found, (one) => one.balancerId, input)
    return {
      LoadBalancers: page.items.map((one) => balancerView(scope, one)),
      NextMarker: page.NextMarker,
    }
  },
}
