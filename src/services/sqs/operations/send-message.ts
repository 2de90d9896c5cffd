import type { Operation } from '../../../wire/service.ts'
import { messageAttribute } from '../accepted.ts'
import { queueAt } from '../queue-address.ts'
import { preparedEntry, sentEntry } from '../send-entry.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const sendMessage: Operation<SqsOperations, 'SendMessage', SqsDeps> = {
  accepts: {
    QueueUrl: true,
    MessageBody: true,
    DelaySeconds: true,
    MessageAttributes: messageAttribute,
    MessageSystemAttributes: messageAttribute,
    MessageDeduplicationId: true,
    MessageGroupId: true,
  },
  async handle(input, request, deps) {
    const queue = await queueAt(deps, request, input.QueueUrl)
    const entry = preparedEntry(input, request)
    return sentEntry(queue, entry, await deps.queues.send(queue, entry.sending))
  },
}
