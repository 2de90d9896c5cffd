import type { Operation } from '../../../wire/service.ts'
import { validationError } from '../errors.ts'
import { changeGroup } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const detachLoadBalancerTargetGroups: Operation<
  AutoScalingOperations,
  'DetachLoadBalancerTargetGroups',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, TargetGroupARNs: true },
  async handle(input, request, deps) {
    const leaving = input.TargetGroupARNs ?? []
    await changeGroup(deps, request.scope, input.AutoScalingGroupName, (group) => {
      const strange = leaving.find((arn) => !group.targetGroupArns.includes(arn))
      if (strange !== undefined) {
        throw validationError(`The target group ${strange} is not attached to ${group.name}`)
      }
      const targetGroupArns = group.targetGroupArns.filter((arn) => !leaving.includes(arn))
      return { ...group, targetGroupArns }
    })
    return {}
  },
}
