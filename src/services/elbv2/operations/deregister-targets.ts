import { targetGroupArn } from '../../../balance/arns.ts'
import type { Elbv2Operation } from '../deps.ts'
import { requireGroup } from '../find.ts'
import { readTargets } from './register-targets.ts'

export const deregisterTargets: Elbv2Operation<'DeregisterTargets'> = {
  accepts: { TargetGroupArn: true, Targets: { Id: true, Port: true, AvailabilityZone: true } },
  async handle(input, { scope }, deps) {
    const group = await requireGroup(deps, scope, input.TargetGroupArn)
    const arn = targetGroupArn(scope, group.groupId)
    await deps.balance.targets.deregister(scope, arn, readTargets(input.Targets))
    return {}
  },
}
