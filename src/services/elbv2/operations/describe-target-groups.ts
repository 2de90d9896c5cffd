import { targetGroupArn } from '../../../balance/arns.ts'
import type { Elbv2Operation } from '../deps.ts'
import { targetGroupNotFound } from '../errors.ts'
import { idOf, requireBalancer } from '../find.ts'
import { paged } from '../paging.ts'
import { groupView } from '../views.ts'

export const describeTargetGroups: Elbv2Operation<'DescribeTargetGroups'> = {
  accepts: {
    LoadBalancerArn: true,
    TargetGroupArns: true,
    Names: true,
    Marker: true,
    PageSize: true,
  },
  async handle(input, { scope }, deps) {
    const { groups } = deps.balance
    const all = await Promise.all(
      (await groups.list(scope)).map(async (group) => ({
        group,
        arn: targetGroupArn(scope, group.groupId),
        balancerId: await groups.balancerOf(scope, group.groupId),
      })),
    )
    const arns = input.TargetGroupArns ?? []
    const names = input.Names ?? []
    for (const arn of arns) {
      idOf(scope, 'targetgroup', arn)
      if (!all.some((one) => one.arn === arn)) throw targetGroupNotFound(arn)
    }
    for (const name of names) {
      if (!all.some((one) => one.group.name === name)) throw targetGroupNotFound(name)
    }
    const owner =
      input.LoadBalancerArn === undefined
        ? undefined
        : (await requireBalancer(deps, scope, input.LoadBalancerArn)).balancerId
    const isAsked = arns.length + names.length > 0
    const found = all.filter(
      (one) =>
        (!isAsked || arns.includes(one.arn) || names.includes(one.group.name)) &&
        (owner === undefined || one.balancerId === owner),
    )
    const page = paged(found, (one) => one.group.groupId, input)
    return {
      TargetGroups: page.items.map((one) => groupView(scope, one.group, one.balancerId)),
      NextMarker: page.NextMarker,
    }
  },
}
