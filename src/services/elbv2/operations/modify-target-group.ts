import { is } from '../../../wire/accept.ts'
import type { Elbv2Operation } from '../deps.ts'
import { requireGroup } from '../find.ts'
import { readHealthCheck } from '../health-check.ts'
import { groupView } from '../views.ts'

export const modifyTargetGroup: Elbv2Operation<'ModifyTargetGroup'> = {
  accepts: {
    TargetGroupArn: true,
    HealthCheckProtocol: is('HTTP', 'HTTPS', 'TCP'),
    HealthCheckPort: true,
    HealthCheckEnabled: true,
    HealthCheckPath: true,
    HealthCheckIntervalSeconds: true,
    HealthCheckTimeoutSeconds: true,
    HealthyThresholdCount: true,
    UnhealthyThresholdCount: true,
    Matcher: { HttpCode: true, GrpcCode: true },
  },
  async handle(input, { scope }, deps) {
    const { groupId } = await requireGroup(deps, scope, input.TargetGroupArn)
    const { groups } = deps.balance
    const group = await groups.modify(scope, groupId, (known) => ({
      ...known,
      healthCheck: readHealthCheck(input, {
        isTcp: known.protocol === 'tcp',
        version: known.version,
        current: known.healthCheck,
      }),
    }))
    const balancerId = await groups.balancerOf(scope, groupId)
    return { TargetGroups: [groupView(scope, group, balancerId)] }
  },
}
