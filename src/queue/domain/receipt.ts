import type { Delivery } from './message.ts'

/** A receipt handle: opaque, printable, and made of what finds the message and proves that one was given it. */
export function receiptOf({ queue, sequence, id, delivery }: Delivery): string {
  const parts = [queue.toString(36), sequence.toString(36), delivery.toString(36)]
  return `ek1.${parts.join('.')}.${id.replaceAll('-', '')}`
}

const form = /^ek1\.([0-9a-z]{1,11})\.([0-9a-z]{1,11})\.([0-9a-z]{1,7})\.([0-9a-f]{32})$/

/** The delivery of a handle; undefined when we did not make it. */
export function deliveryOf(receipt: string): Delivery | undefined {
  const match = form.exec(receipt)
  if (!match) return undefined
  const [, queue = '', sequence = '', delivery = '', hex = ''] = match
  const found = {
    queue: Number.parseInt(queue, 36),
    sequence: Number.parseInt(sequence, 36),
    delivery: Number.parseInt(delivery, 36),
    id: uuidOf(hex),
  }
  return Number.isSafeInteger(found.queue) && Number.isSafeInteger(found.sequence)
    ? found
    : undefined
}

function uuidOf(hex: string): string {
  const cuts = [0, 8, 12, 16, 20, 32]
  return cuts
    .slice(1)
    .map((end, index) => hex.slice(cuts[index], end))
    .join('-')
}

/** A FIFO message's SequenceNumber: 20 digits, so that their order as text is their order. */
export function sequenceNumberOf(sequence: number): string {
  return `1${String(sequence).padStart(19, '0')}`
}
