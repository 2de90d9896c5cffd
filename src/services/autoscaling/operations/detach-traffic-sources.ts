import type { Operation } from '../../../wire/service.ts'
import { validationError } from '../errors.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'
import { trafficArns, trafficSource } from '../traffic-sources.ts'
import { changeGroup } from '../update-group.ts'

export const detachTrafficSources: Operation<
  AutoScalingOperations,
  'DetachTrafficSources',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, TrafficSources: { Identifier: true, Type: true } },
  async handle(input, { scope }, deps) {
    const leaving = trafficArns(scope, input.TrafficSources)
    await changeGroup(deps, scope, input.AutoScalingGroupName, (group) => {
      const strange = leaving.find((arn) => !group.targetGroupArns.includes(arn))
      if (strange !== undefined) {
        const { Identifier } = trafficSource(strange)
        throw validationError(`The traffic source ${Identifier} is not attached to ${group.name}`)
      }
      const targetGroupArns = group.targetGroupArns.filter((arn) => !leaving.includes(arn))
      return { ...group, targetGroupArns }
    })
    return {}
  },
}
