import type { Elbv2Operation } from '../deps.ts'
import { validationError } from '../errors.ts'
import { requireBalancer, requireListener } from '../find.ts'
import { paged } from '../paging.ts'
import { listenerView } from '../views.ts'

export const describeListeners: Elbv2Operation<'DescribeListeners'> = {
  accepts: { LoadBalancerArn: true, ListenerArns: true, Marker: true, PageSize: true },
  async handle(input, { scope }, deps) {
    const arns = input.ListenerArns ?? []
    if (input.LoadBalancerArn === undefined && arns.length === 0) {
      throw validationError('You must specify either listener ARNs or a load balancer ARN')
    }
    if (input.LoadBalancerArn !== undefined && arns.length > 0) {
      throw validationError(
        'Listener ARNs and a load balancer ARN cannot be specified at the same time',
      )
    }
    const found =
      input.LoadBalancerArn === undefined
        ? await Promise.all(arns.map((arn) => requireListener(deps, scope, arn)))
        : await deps.balance.listeners.list(
            scope,
            (await requireBalancer(deps, scope, input.LoadBalancerArn)).balancerId,
          )
    const page = paged(found, (listener) => listener.listenerId, input)
    return {
      Listeners: page.items.map((listener) => listenerView(scope, listener)),
      NextMarker: page.NextMarker,
    }
  },
}
