import { is } from '../../../wire/accept.ts'
import type { Operation } from '../../../wire/service.ts'
import { attachmentState } from '../attachment-state.ts'
import { nextToken, page } from '../paging.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'
import { trafficSource } from '../traffic-sources.ts'
import { groupNamed } from '../update-group.ts'

export const describeTrafficSources: Operation<
  AutoScalingOperations,
  'DescribeTrafficSources',
  AutoScalingDeps
> = {
  accepts: {
    AutoScalingGroupName: true,
    TrafficSourceType: is('elb', 'elbv2', 'vpc-lattice'),
    MaxRecords: true,
    NextToken: true,
  },
  async handle(input, { scope }, deps) {
    const group = await groupNamed(deps, scope, input.AutoScalingGroupName)
    const staff = (await deps.scale.membersOf(scope, group.name)).map((record) => record.value)
    const leaving = staff.flatMap((member) => member.registeredIn)
    const arns = [...new Set([...group.targetGroupArns, ...leaving])]
      .filter((arn) => [undefined, trafficSource(arn).Type].includes(input.TrafficSourceType))
      .sort()
    const found = page(arns, (arn) => arn, input)
    const TrafficSources = found.items.map(async (arn) => {
      const source = trafficSource(arn)
      const State = await attachmentState(deps, { scope, group, arn, staff })
      return { TrafficSource: source.Identifier, ...source, State }
    })
    return { TrafficSources: await Promise.all(TrafficSources), ...nextToken(found) }
  },
}
