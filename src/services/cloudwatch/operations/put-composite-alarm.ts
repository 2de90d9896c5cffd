import { compositeAlarmSettings } from '../alarm-settings.ts'
import { checkTags } from '../alarm-tags.ts'
import { checkChildren } from '../composite-children.ts'
import type { Operation } from '../../../wire/service.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

export const putCompositeAlarm: Operation<
  CloudWatchOperations,
  'PutCompositeAlarm',
  CloudWatchDeps
> = {
  accepts: {
    AlarmName: true,
    AlarmDescription: true,
    AlarmRule: true,
    ActionsEnabled: true,
    OKActions: true,
    AlarmActions: true,
    InsufficientDataActions: true,
    Tags: { Key: true, Value: true },
  },
  async handle(input, request, { metrics }) {
    const { scope } = request
    const settings = compositeAlarmSettings(scope, input, metrics.actions)
    checkChildren(settings, await metrics.alarms.list(scope))
    await metrics.alarms.put(scope, settings, checkTags(input.Tags))
    return {}
  },
}
