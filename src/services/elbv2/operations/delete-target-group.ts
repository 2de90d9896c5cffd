import type { Elbv2Operation } from '../deps.ts'
import { idOf } from '../find.ts'

export const deleteTargetGroup: Elbv2Operation<'DeleteTargetGroup'> = {
  accepts: { TargetGroupArn: true },
  async handle(input, { scope }, deps) {
    await deps.balance.groups.remove(scope, idOf(scope, 'targetgroup', input.TargetGroupArn))
    return {}
  },
}
