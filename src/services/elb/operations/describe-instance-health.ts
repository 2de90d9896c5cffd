import type { ElbOperation } from '../deps.ts'
import { requireBalancer } from '../find.ts'

export const describeInstanceHealth: ElbOperation<'DescribeInstanceHealth'> = {
  accepts: { LoadBalancerName: true, Instances: { InstanceId: true } },
  async handle(input, { scope }, deps) {
    const { name } = await requireBalancer(deps, scope, input.LoadBalancerName)
    const ids = (input.Instances ?? []).map((instance) => instance.InstanceId ?? '')
    const asked = ids.length === 0 ? undefined : ids
    const states = await deps.balance.classicRegistry.health(scope, name, asked)
    return {
      InstanceStates: states.map((state) => ({
        InstanceId: state.instanceId,
        State: state.state,
        ReasonCode: state.reasonCode,
        Description: state.description,
      })),
    }
  },
}
