import type { MessageAttributes } from './domain/message.ts'

/** What became of one try. A refusal is final; a failure may be tried again. */
export type Delivered =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }

export interface QueueMessage {
  readonly body: string
  readonly attributes: MessageAttributes
  readonly group?: string | undefined
  readonly deduplicationId?: string | undefined
}

/** Queues as topics see them; `server` joins them to the engine of queues. */
export interface QueuePort {
  /** Undefined when there is no such queue. */
  find(queueArn: string): Promise<{ readonly isFifo: boolean } | undefined>
  /** Delivered: committed to the queue. */
  send(queueArn: string, message: QueueMessage): Promise<Delivered>
}

export interface WebMessage {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Posts to web servers. A 2xx answer is a delivery; 4xx but 429 is a refusal; everything else failed. */
export interface WebPort {
  post(message: WebMessage, signal: AbortSignal): Promise<Delivered>
}

export interface Mail {
  readonly to: string
  readonly from: string
  readonly subject: string
  readonly text: string
}

/** Hands mail to a relay. */
export interface MailPort {
  send(mail: Mail, signal: AbortSignal): Promise<Delivered>
}

export interface DeliveryPorts {
  readonly queues: QueuePort
  readonly web: WebPort
  /** Undefined where no relay is configured: subscriptions by email are refused. */
  readonly mail?: MailPort | undefined
}
