import type { ElbOperation } from '../deps.ts'
import { requireBalancer } from '../find.ts'
import { instanceIdsOf, instancesOf } from '../instances.ts'

export const deregisterInstancesFromLoadBalancer: ElbOperation<'DeregisterInstancesFromLoadBalancer'> =
  {
    accepts: { LoadBalancerName: true, Instances: { InstanceId: true } },
    async handle(input, { scope }, deps) {
      const { name } = await requireBalancer(deps, scope, input.LoadBalancerName)
      await deps.balance.classicRegistry.deregister(scope, name, instanceIdsOf(input.Instances))
      return { Instances: await instancesOf(deps, scope, name) }
    },
  }
