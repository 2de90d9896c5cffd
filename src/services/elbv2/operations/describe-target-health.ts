import type {
  TargetHealthDescription,
  TargetHealthReasonEnum,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { targetGroupArn } from '../../../balance/arns.ts'
import type { TargetGroup } from '../../../balance/records.ts'
import type { TargetView } from '../../../balance/targets.ts'
import type { Elbv2Operation } from '../deps.ts'
import { requireGroup } from '../find.ts'
import { readTargets } from './register-targets.ts'

export const describeTargetHealth: Elbv2Operation<'DescribeTargetHealth'> = {
  accepts: { TargetGroupArn: true, Targets: { Id: true, Port: true, AvailabilityZone: true } },
  async handle(input, { scope }, deps) {
    const group = await requireGroup(deps, scope, input.TargetGroupArn)
    const views = await deps.balance.targets.list(scope, targetGroupArn(scope, group.groupId))
    const known = views ?? []
    if (input.Targets === undefined || input.Targets.length === 0) {
      return { TargetHealthDescriptions: known.map((view) => describe(group, view)) }
    }
    const asked = readTargets(input.Targets).map((ref) => {
      const port = ref.port ?? group.port
      const found = known.find(
        (view) =>
          view.targetId === ref.targetId &&
          view.port === port &&
          (ref.zone === undefined || ref.zone === view.zone),
      )
      return found ?? notRegistered(ref.targetId, port)
    })
    return { TargetHealthDescriptions: asked.map((view) => describe(group, view)) }
  },
}

function notRegistered(targetId: string, port: number): TargetView {
  return {
    targetId,
    port,
    zone: undefined,
    state: 'unused',
    reason: 'Target.NotRegistered',
    description: 'Target is not registered to the target group',
  }
}

function describe(group: TargetGroup, view: TargetView): TargetHealthDescription {
  const { port } = group.healthCheck
  const zone = group.targetType === 'ip' ? view.zone : undefined
  return {
    Target: {
      Id: view.targetId,
      Port: view.port,
      ...(zone === undefined ? {} : { AvailabilityZone: zone }),
    },
    HealthCheckPort: String(port === 'traffic-port' ? view.port : port),
    TargetHealth: {
      State: view.state,
      ...(view.reason === undefined ? {} : { Reason: view.reason as TargetHealthReasonEnum }),
      ...(view.description === undefined ? {} : { Description: view.description }),
    },
  }
}
