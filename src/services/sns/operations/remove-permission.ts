import type { Operation } from '../../../wire/service.ts'
import { topicAt } from '../find.ts'
import { withoutPermission } from '../topic-policy.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const removePermission: Operation<SnsOperations, 'RemovePermission', SnsDeps> = {
  accepts: { TopicArn: true, Label: true },
  async handle(input, request, deps) {
    const topic = await topicAt(deps, request, input.TopicArn)
    const Policy = withoutPermission(topic, input.Label ?? '')
    await deps.topics.catalogue.setAttributes(topic, { Policy })
    return {}
  },
}
