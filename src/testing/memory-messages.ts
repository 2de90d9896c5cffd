import { MessageModel } from '../queue/domain/message-model.ts'
import type { MessageStore } from '../queue/message-store.ts'

/** The message store in memory, for units: the pure model, told of in promises. */
export function memoryMessages(): MessageStore {
  const model = new MessageModel()
  const listeners = new Set<(queue: number) => void>()
  const tell = (queues: Iterable<number>): void => {
    for (const queue of new Set(queues)) for (const listener of listeners) listener(queue)
  }
  return {
    async append(messages, now) {
      const appended = model.append(messages, now)
      tell(messages.map(({ queue }) => queue))
      return appended
    },
    async claim(order) {
      const claimed = model.claim(order)
      if (order.redrive && claimed.movedCount > 0) tell([order.redrive.queue])
      return claimed
    },
    replay: async (order) => model.replay(order),
    async remove(orders, now) {
      const outcomes = model.remove(orders, now)
      tell(orders.filter(({ mustBeInFlight }) => mustBeInFlight).map(({ queue }) => queue))
      return outcomes
    },
    async changeVisibility(orders, now) {
      const outcomes = model.changeVisibility(orders, now)
      tell(orders.map(({ queue }) => queue))
      return outcomes
    },
    async release(deliveries, now) {
      model.release(deliveries, now)
      tell(deliveries.map(({ queue }) => queue))
    },
    count: async (queue, now) => model.count(queue, now),
    nextVisibleAt: async (queue, now) => model.nextVisibleAt(queue, now),
    async move(order) {
      const outcome = model.move(order)
      tell(typeof order.to === 'number' ? [order.to] : order.to.values())
      return outcome
    },
    lastSequence: async () => model.lastSequence(),
    purge: async (queue, through, limit) => model.purge(queue, through, limit),
    expire: async (queue, keptBefore, now, limit) => model.expire(queue, keptBefore, now, limit),
    queues: async () => model.queues(),
    clear: async () => model.clear(),
    watch(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close: async () => listeners.clear(),
  }
}
