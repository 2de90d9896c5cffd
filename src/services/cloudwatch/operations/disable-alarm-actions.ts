import { checkAlarmNames } from '../metric-names.ts'
import type { Operation } from '../../../wire/service.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

export const disableAlarmActions: Operation<
  CloudWatchOperations,
  'DisableAlarmActions',
  CloudWatchDeps
> = {
  accepts: { AlarmNames: true },
  async handle(input, request, { metrics }) {
    const names = checkAlarmNames(input.AlarmNames)
    await metrics.alarms.setActionsEnabled(request.scope, names, false)
    return {}
  },
}
