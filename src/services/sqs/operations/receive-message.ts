import type { Operation } from '../../../wire/service.ts'
import { queueAt } from '../queue-address.ts'
import { checkSystemNames, receivedMessage } from '../received-message.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const receiveMessage: Operation<SqsOperations, 'ReceiveMessage', SqsDeps> = {
  accepts: {
    QueueUrl: true,
    AttributeNames: true,
    MessageSystemAttributeNames: true,
    MessageAttributeNames: true,
    MaxNumberOfMessages: true,
    VisibilityTimeout: true,
    WaitTimeSeconds: true,
    ReceiveRequestAttemptId: true,
  },
  async handle(input, request, deps) {
    const queue = await queueAt(deps, request, input.QueueUrl)
    const system = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])]
    checkSystemNames(system)
    const received = await deps.queues.receive(queue, {
      limit: input.MaxNumberOfMessages,
      visibilitySeconds: input.VisibilityTimeout,
      waitSeconds: input.WaitTimeSeconds,
      attempt: input.ReceiveRequestAttemptId,
      signal: request.signal,
    })
    if (received.length === 0) return {}
    const asked = { system, own: input.MessageAttributeNames }
    return { Messages: received.map((message) => receivedMessage(queue, message, asked)) }
  },
}
