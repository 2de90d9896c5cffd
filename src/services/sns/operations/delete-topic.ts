import type { Operation } from '../../../wire/service.ts'
import { checkTopicArn } from '../find.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const deleteTopic: Operation<SnsOperations, 'DeleteTopic', SnsDeps> = {
  accepts: { TopicArn: true },
  // As on AWS, a topic that is not there is deleted already.
  async handle(input, request, deps) {
    await deps.topics.catalogue.remove(checkTopicArn(request, input.TopicArn))
    return {}
  },
}
