import { openBalanceArn } from '../../../balance/arns.ts'
import type { Elbv2Operation } from '../deps.ts'
import { validationError } from '../errors.ts'

export const deleteTargetGroup: Elbv2Operation<'DeleteTargetGroup'> = {
  accepts: { TargetGroupArn: true },
  async handle(input, { scope }, deps) {
    const opened = openBalanceArn(scope, input.TargetGroupArn ?? '')
    if (opened?.noun !== 'targetgroup') {
      throw validationError(`'${input.TargetGroupArn}' is not a valid target group ARN`)
    }
    await deps.balance.groups.remove(scope, opened.id)
    return {}
  },
}
