/** A message attribute as it is kept; binary values as base64 text. */
export interface MessageAttribute {
  readonly type: string
  readonly text?: string
  readonly binary?: string
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>

/** What a topic tells, or asks, its subscribers. */
export interface Publication {
  readonly type: 'Notification' | 'SubscriptionConfirmation'
  readonly topicArn: string
  readonly messageId: string
  readonly at: number
  /** By protocol; `default` for those that are not named. */
  readonly bodies: Readonly<Record<string, string>>
  readonly subject?: string
  readonly attributes: MessageAttributes
  readonly group?: string
  readonly deduplicationId?: string
  /** Of a FIFO topic: 20 digits. */
  readonly sequenceNumber?: string
  /** Of a confirmation. */
  readonly token?: string
  /** Whom it has still to reach. */
  readonly pending: readonly PendingDelivery[]
}

export interface PendingDelivery {
  readonly subscriptionId: string
  /** That failed. */
  readonly attempts: number
  readonly dueAt: number
}

export function bodyFor({ bodies }: Pick<Publication, 'bodies'>, protocol: string): string {
  return bodies[protocol] ?? bodies['default'] ?? ''
}
