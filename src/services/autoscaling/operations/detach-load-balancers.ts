import type { Operation } from '../../../wire/service.ts'
import { classicNameIn } from '../../../balance/arns.ts'
import { validationError } from '../errors.ts'
import { classicNames } from '../group-shape.ts'
import { changeGroup } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const detachLoadBalancers: Operation<
  AutoScalingOperations,
  'DetachLoadBalancers',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, LoadBalancerNames: true },
  async handle(input, request, deps) {
    const leaving = input.LoadBalancerNames ?? []
    await changeGroup(deps, request.scope, input.AutoScalingGroupName, (group) => {
      const strange = leaving.find((name) => !classicNames(group).includes(name))
      if (strange !== undefined) {
        throw validationError(`The load balancer ${strange} is not attached to ${group.name}`)
      }
      const stays = (arn: string): boolean => !leaving.includes(classicNameIn(arn) ?? '')
      return { ...group, targetGroupArns: group.targetGroupArns.filter(stays) }
    })
    return {}
  },
}
