import type { Operation } from '../../../wire/service.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'
import { checkTraffic, trafficArns } from '../traffic-sources.ts'
import { changeGroup } from '../update-group.ts'

/** There are no zonal shifts here whose validation could be skipped. */
export const attachTrafficSources: Operation<
  AutoScalingOperations,
  'AttachTrafficSources',
  AutoScalingDeps
> = {
  accepts: {
    AutoScalingGroupName: true,
    TrafficSources: { Identifier: true, Type: true },
    SkipZonalShiftValidation: true,
  },
  async handle(input, { scope }, deps) {
    const arns = trafficArns(scope, input.TrafficSources)
    await checkTraffic(deps, scope, arns)
    await changeGroup(deps, scope, input.AutoScalingGroupName, (group) => ({
      ...group,
      targetGroupArns: [...new Set([...group.targetGroupArns, ...arns])],
    }))
    return {}
  },
}
