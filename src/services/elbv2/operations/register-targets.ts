import type { TargetDescription } from '@aws-sdk/client-elastic-load-balancing-v2'
import { targetGroupArn } from '../../../balance/arns.ts'
import type { TargetRef } from '../../../balance/targets.ts'
import type { Elbv2Operation } from '../deps.ts'
import { validationError } from '../errors.ts'
import { requireGroup } from '../find.ts'
import { checkPort } from './create-listener.ts'

export const registerTargets: Elbv2Operation<'RegisterTargets'> = {
  accepts: { TargetGroupArn: true, Targets: { Id: true, Port: true, AvailabilityZone: true } },
  async handle(input, { scope }, deps) {
    const group = await requireGroup(deps, scope, input.TargetGroupArn)
    const arn = targetGroupArn(scope, group.groupId)
    await deps.balance.targets.register(scope, arn, readTargets(input.Targets))
    return {}
  },
}

export function readTargets(given: readonly TargetDescription[] | undefined): readonly TargetRef[] {
  if (given === undefined || given.length === 0) {
    throw validationError('At least one target must be specified')
  }
  return given.map(({ Id, Port, AvailabilityZone: zone }) => ({
    targetId: Id ?? '',
    ...(Port === undefined ? {} : { port: checkPort(Port) }),
    ...(zone === undefined ? {} : { zone }),
  }))
}
