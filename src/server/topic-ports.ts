import { parseArn } from '../kernel/arn.ts'
import type { Queues } from '../queue/create-queues.ts'
import { attributesMax } from '../queue/domain/message-content.ts'
import { QueueRefusal } from '../queue/refusal.ts'
import type { QueueMessage, QueuePort } from '../topics/delivery-ports.ts'
import type { MessageAttributes } from '../topics/domain/message.ts'

/** Joins topics, and everything else that sends by itself, to the queues. */
export function queuePort(queues: Queues): QueuePort {
  return {
    async find(queueArn) {
      const queue = await queues.catalogue.byArn(queueArn)
      return queue && { isFifo: queue.settings.isFifo }
    },
    async send(queueArn, message) {
      const queue = await queues.catalogue.byArn(queueArn)
      if (!queue) return { kind: 'refused', reason: `there is no queue ${queueArn}` }
      const count = Object.keys(message.attributes).length
      if (count > attributesMax) {
        return {
          kind: 'refused',
          reason: `${count} message attributes are more than a queue takes`,
        }
      }
      try {
        await queues.send(queue, sendingOf(message, queueArn, queue.settings.isFifo))
        return { kind: 'delivered' }
      } catch (thrown) {
        if (thrown instanceof QueueRefusal) return { kind: 'refused', reason: thrown.message }
        throw thrown
      }
    },
  }
}

function sendingOf(
  { body, attributes, group, deduplicationId }: QueueMessage,
  queueArn: string,
  isFifo: boolean,
): Parameters<Queues['send']>[1] {
  const hasAttributes = Object.keys(attributes).length > 0
  return {
    body,
    ...(hasAttributes && {
      attributes: JSON.stringify(attributes),
      attributeBytes: bytesOf(attributes),
    }),
    sender: parseArn(queueArn)?.account ?? '',
    group,
    deduplicationId: isFifo ? deduplicationId : undefined,
  }
}

function bytesOf(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce((sum, [name, { type, text = '', binary = '' }]) => {
    const value = Buffer.byteLength(text) + Buffer.from(binary, 'base64').length
    return sum + Buffer.byteLength(name + type) + value
  }, 0)
}
