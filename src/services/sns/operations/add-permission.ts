import type { Operation } from '../../../wire/service.ts'
import { topicAt } from '../find.ts'
import { withPermission } from '../topic-policy.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const addPermission: Operation<SnsOperations, 'AddPermission', SnsDeps> = {
  accepts: { TopicArn: true, Label: true, AWSAccountId: true, ActionName: true },
  async handle(input, request, deps) {
    const topic = await topicAt(deps, request, input.TopicArn)
    const { Label: label = '', AWSAccountId: accounts = [], ActionName: actions = [] } = input
    const Policy = withPermission(topic, { label, accounts, actions })
    await deps.topics.catalogue.setAttributes(topic, { Policy })
    return {}
  },
}
