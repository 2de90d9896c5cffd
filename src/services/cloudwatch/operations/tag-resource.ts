import { withTags } from '../../../kernel/tags.ts'
import { alarmNameOf, checkTagCount, checkTags } from '../alarm-tags.ts'
import { resourceNotFound } from '../errors.ts'
import type { Operation } from '../../../wire/service.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

export const tagResource: Operation<CloudWatchOperations, 'TagResource', CloudWatchDeps> = {
  accepts: { ResourceARN: true, Tags: { Key: true, Value: true } },
  async handle(input, request, { metrics }) {
    const name = alarmNameOf(request.scope, input.ResourceARN)
    const added = checkTags(input.Tags)
    const isThere = await metrics.alarms.setTags(request.scope, name, (tags) =>
      checkTagCount(withTags(tags, added)),
    )
    if (!isThere) throw resourceNotFound(input.ResourceARN ?? '')
    return {}
  },
}
