import { checkAlarmNames } from '../metric-names.ts'
import type { Operation } from '../../../wire/service.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

export const deleteAlarms: Operation<CloudWatchOperations, 'DeleteAlarms', CloudWatchDeps> = {
  accepts: { AlarmNames: true },
  async handle(input, request, { metrics }) {
    await metrics.alarms.remove(request.scope, checkAlarmNames(input.AlarmNames))
    return {}
  },
}
