import { checkAlarmNames } from '../metric-names.ts'
import type { Operation } from '../../../wire/service.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

export const enableAlarmActions: Operation<
  CloudWatchOperations,
  'EnableAlarmActions',
  CloudWatchDeps
> = {
  accepts: { AlarmNames: true },
  async handle(input, request, { metrics }) {
    const names = checkAlarmNames(input.AlarmNames)
    await metrics.alarms.setActionsEnabled(request.scope, names, true)
    return {}
  },
}
