import { uuid, type Random } from '../kernel/random.ts'
import type { Clock } from '../kernel/clock.ts'
import { kindOf, type Records } from '../store/records.ts'
import type { Publication } from './domain/message.ts'
import type { SubscriptionRecord } from './subscription.ts'
import type { Topic } from './topic.ts'

/**
 * The outbox: what topics have still to tell, written before a caller hears that it was published. Ids: `s/<time>-<chance>`, or of a FIFO
 * topic `f/<topic>/<group's digest>/<sequence>`, so that the ids of one group ascend in its order.
 */
export const publications = kindOf<Publication>('topics/publication')

/** What is delivered one after the other: all of a group, or a message that belongs to none. */
export function laneOf(publicationId: string): string {
  return publicationId.startsWith('f/')
    ? publicationId.slice(0, publicationId.lastIndexOf('/'))
    : publicationId
}

/** Ascends in time. */
export function newPublicationId(random: Random, at: number): string {
  return `s/${at.toString().padStart(15, '0')}-${random.hex(6)}`
}

const confirmationWords = (arn: string): string =>
  `You have chosen to subscribe to the topic ${arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`

/** Asks an endpoint whether it wants what it was subscribed to. */
export async function insertConfirmation(
  { random, clock }: { readonly random: Random; readonly clock: Clock },
  records: Records,
  of: { readonly topic: Topic; readonly subscription: SubscriptionRecord },
): Promise<void> {
  const { topic, subscription } = of
  const at = clock.now()
  const id = newPublicationId(random, at)
  await records.insert(
    publications,
    { scope: topic.scope, id },
    {
      type: 'SubscriptionConfirmation',
      topicArn: topic.arn,
      messageId: uuid(random),
      at,
      bodies: { default: confirmationWords(topic.arn) },
      attributes: {},
      token: subscription.token,
      pending: [{ subscriptionId: subscription.id, attempts: 0, dueAt: at }],
    },
  )
}
