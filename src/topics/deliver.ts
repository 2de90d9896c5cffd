import type { Delivered, DeliveryPorts } from './delivery-ports.ts'
import { deliveryPolicy, type DeliveryPolicy } from './domain/delivery-policy.ts'
import {
  envelopeFields,
  envelopeText,
  signedText,
  unsubscribeUrl,
  type SignatureVersion,
} from './domain/envelope.ts'
import { bodyFor, type Publication } from './domain/message.ts'
import type { OpenSigner } from './message-signer.ts'
import { openJson, type Subscription } from './subscription.ts'
import type { Topic } from './topic.ts'

export interface Delivery {
  readonly topic: Topic
  readonly publication: Publication
  readonly subscription: Subscription
  readonly signer: OpenSigner
  /** `http://127.0.0.1:4566`. */
  readonly endpoint: string
}

/** One try, to one subscriber. */
export function deliver(
  ports: DeliveryPorts,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<Delivered> {
  switch (delivery.subscription.protocol) {
    case 'sqs':
      return toQueue(ports, delivery)
    case 'http':
    case 'https':
      return ports.web.post(webMessage(delivery), signal)
    case 'email':
    case 'email-json':
      return toMail(ports, delivery, signal)
  }
}

export function policyOf({ topic, subscription }: Delivery): DeliveryPolicy {
  return deliveryPolicy(
    openJson(topic.attributes['DeliveryPolicy']),
    openJson(subscription.attributes['DeliveryPolicy']),
  )
}

function toQueue({ queues }: DeliveryPorts, delivery: Delivery): Promise<Delivered> {
  const { publication, subscription } = delivery
  const { group, deduplicationId } = publication
  return queues.send(subscription.endpoint, {
    body: textOf(delivery),
    attributes: subscription.isRaw ? publication.attributes : {},
    group,
    deduplicationId,
  })
}

/** What did not reach its subscriber goes as it was, and says why. */
export function toDeadLetters(
  { queues }: DeliveryPorts,
  delivery: Delivery,
  reason: string,
): Promise<Delivered> {
  const { publication, subscription } = delivery
  const { group, deduplicationId } = publication
  return queues.send(subscription.deadLetterArn ?? '', {
    body: textOf(delivery),
    attributes: {
      ...(subscription.isRaw ? publication.attributes : {}),
      RequestID: { type: 'String', text: publication.messageId },
      ErrorCode: { type: 'String', text: 'DeliveryFailure' },
      ErrorMessage: { type: 'String', text: reason.slice(0, reasonMax) },
    },
    group,
    deduplicationId,
  })
}

const reasonMax = 500

function webMessage(delivery: Delivery): {
  url: string
  headers: Record<string, string>
  body: string
} {
  const { publication, subscription } = delivery
  const isNotification = publication.type === 'Notification'
  return {
    url: subscription.endpoint,
    body: textOf(delivery),
    headers: {
      'content-type': policyOf(delivery).contentType,
      'user-agent': 'Amazon Simple Notification Service Agent',
      'x-amz-sns-message-type': publication.type,
      'x-amz-sns-message-id': publication.messageId,
      'x-amz-sns-topic-arn': publication.topicArn,
      ...(isNotification && { 'x-amz-sns-subscription-arn': subscription.arn }),
      ...(isNotification && subscription.isRaw && { 'x-amz-sns-rawdelivery': 'true' }),
    },
  }
}

async function toMail(
  { mail }: DeliveryPorts,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<Delivered> {
  if (!mail) return { kind: 'failed', reason: 'no mail relay is configured' }
  const { publication, subscription, topic, endpoint } = delivery
  const isNotification = publication.type === 'Notification'
  const subject =
    publication.subject ??
    (isNotification ? 'AWS Notification Message' : 'AWS Notification - Subscription Confirmation')
  const fields = envelopeFields(publication, subscription.protocol, { endpoint })
  const words = isNotification
    ? `${bodyFor(publication, 'email')}\n\n--\nIf you wish to stop receiving notifications from this topic, please visit:\n${unsubscribeUrl(endpoint, subscription.arn)}\n`
    : `${fields['Message']}\n\n${fields['SubscribeURL']}\n`
  return mail.send(
    {
      to: subscription.endpoint,
      from: `${topic.attributes['DisplayName'] ?? 'AWS Notifications'} <no-reply@sns.evenkeel.internal>`,
      subject,
      text: subscription.protocol === 'email' ? words : textOf(delivery),
    },
    signal,
  )
}

/** The envelope, or of a raw subscription the message alone. A question to confirm is never raw. */
function textOf({ publication, subscription, topic, signer, endpoint }: Delivery): string {
  const { protocol, isRaw } = subscription
  if (isRaw && publication.type === 'Notification') return bodyFor(publication, protocol)
  const version: SignatureVersion = topic.attributes['SignatureVersion'] === '2' ? '2' : '1'
  const fields = envelopeFields(publication, protocol, { endpoint })
  return envelopeText(publication, fields, {
    subscriptionArn: subscription.arn,
    endpoint,
    certificateUrl: endpoint + signer.path,
    signature: topic.isFifo
      ? undefined
      : { version, text: signer.sign(signedText(fields), version) },
  })
}
