import { empty } from '../../../wire/accept.ts'
import type { ElbOperation } from '../deps.ts'
import { invalidConfiguration } from '../errors.ts'
import { requireBalancer } from '../find.ts'

/** No policies for instances' ports exist here, so that only none can be set. */
export const setLoadBalancerPoliciesForBackendServer: ElbOperation<'SetLoadBalancerPoliciesForBackendServer'> =
  {
    accepts: { LoadBalancerName: true, InstancePort: true, PolicyNames: empty },
    async handle(input, { scope }, deps) {
      const balancer = await requireBalancer(deps, scope, input.LoadBalancerName)
      const port = input.InstancePort
      if (!balancer.listeners.some((listener) => listener.instancePort === port)) {
        throw invalidConfiguration(`No listener sends to instance port ${port}`)
      }
      return {}
    },
  }
