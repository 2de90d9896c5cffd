import type { Operation } from '../../../wire/service.ts'
import { messageAttribute } from '../accepted.ts'
import { answeredTogether, checkBatch } from '../batch.ts'
import { batchTooLong } from '../errors.ts'
import { queueAt } from '../queue-address.ts'
import { entryBytes, preparedEntry, sentEntry } from '../send-entry.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

/** AWS: 1 MiB for all messages of a batch together. */
const batchBytesMax = 1_048_576

export const sendMessageBatch: Operation<SqsOperations, 'SendMessageBatch', SqsDeps> = {
  accepts: {
    QueueUrl: true,
    Entries: {
      Id: true,
      MessageBody: true,
      DelaySeconds: true,
      MessageAttributes: messageAttribute,
      MessageSystemAttributes: messageAttribute,
      MessageDeduplicationId: true,
      MessageGroupId: true,
    },
  },
  async handle(input, request, deps) {
    const queue = await queueAt(deps, request, input.QueueUrl)
    const entries = input.Entries ?? []
    checkBatch(entries)
    const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0)
    if (bytes > batchBytesMax) throw batchTooLong(bytes, batchBytesMax)
    return answeredTogether(entries, {
      prepare: (entry) => preparedEntry(entry, request),
      act: (prepared) =>
        deps.queues.sendAll(
          queue,
          prepared.map(({ sending }) => sending),
        ),
      answer: (entry, sent) => sentEntry(queue, entry, sent),
    })
  },
}
