import { alarmNameOf } from '../alarm-tags.ts'
import { resourceNotFound } from '../errors.ts'
import type { Operation } from '../../../wire/service.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

export const listTagsForResource: Operation<
  CloudWatchOperations,
  'ListTagsForResource',
  CloudWatchDeps
> = {
  accepts: { ResourceARN: true },
  async handle(input, request, { metrics }) {
    const name = alarmNameOf(request.scope, input.ResourceARN)
    const alarm = await metrics.alarms.find(request.scope, name)
    if (!alarm) throw resourceNotFound(input.ResourceARN ?? '')
    return { Tags: [...alarm.tags] }
  },
}
