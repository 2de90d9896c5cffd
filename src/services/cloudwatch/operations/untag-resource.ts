import { withoutTags } from '../../../kernel/tags.ts'
import { alarmNameOf } from '../alarm-tags.ts'
import { resourceNotFound } from '../errors.ts'
import type { Operation } from '../../../wire/service.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'

export const untagResource: Operation<CloudWatchOperations, 'UntagResource', CloudWatchDeps> = {
  accepts: { ResourceARN: true, TagKeys: true },
  async handle(input, request, { metrics }) {
    const name = alarmNameOf(request.scope, input.ResourceARN)
    const isThere = await metrics.alarms.setTags(request.scope, name, (tags) =>
      withoutTags(tags, input.TagKeys ?? []),
    )
    if (!isThere) throw resourceNotFound(input.ResourceARN ?? '')
    return {}
  },
}
