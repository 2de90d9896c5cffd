import { isoTime } from '../../kernel/clock.ts'
import { bodyFor, type MessageAttribute, type Publication } from './message.ts'

export type SignatureVersion = '1' | '2'

/** Where a subscriber finds what the envelope speaks of. */
export interface EnvelopeAddresses {
  readonly subscriptionArn: string
  /** `http://127.0.0.1:4566`. */
  readonly endpoint: string
  readonly certificateUrl: string
}

type Fields = Readonly<Record<string, string | undefined>>

/** What a publication says to a protocol's subscribers, in the order in which AWS writes it; without its signature. */
export function envelopeFields(
  publication: Publication,
  protocol: string,
  { endpoint }: Pick<EnvelopeAddresses, 'endpoint'>,
): Fields {
  const { type, messageId, topicArn, subject, at, token, sequenceNumber } = publication
  return {
    Type: type,
    MessageId: messageId,
    SequenceNumber: sequenceNumber,
    Token: token,
    TopicArn: topicArn,
    Subject: subject,
    Message: bodyFor(publication, protocol),
    SubscribeURL: token === undefined ? undefined : subscribeUrl(endpoint, topicArn, token),
    Timestamp: isoTime(at),
  }
}

/**
 * The text that is signed.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export function signedText(fields: Fields): string {
  const isNotification = fields['Type'] === 'Notification'
  const names = isNotification
    ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
    : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  return names
    .filter((name) => fields[name] !== undefined)
    .map((name) => `${name}\n${fields[name]}\n`)
    .join('')
}

/** The JSON that subscribers read. Messages of FIFO topics carry no signature. */
export function envelopeText(
  publication: Publication,
  fields: Fields,
  of: EnvelopeAddresses & {
    readonly signature: { readonly version: SignatureVersion; readonly text: string } | undefined
  },
): string {
  const isNotification = publication.type === 'Notification'
  const signed = of.signature && {
    SignatureVersion: of.signature.version,
    Signature: of.signature.text,
    SigningCertURL: of.certificateUrl,
  }
  const attributes = Object.entries(publication.attributes).map(
    ([name, value]) => `    ${JSON.stringify(name)} : ${attributeText(value)}`,
  )
  const members = Object.entries({
    ...fields,
    ...signed,
    ...(isNotification && { UnsubscribeURL: unsubscribeUrl(of.endpoint, of.subscriptionArn) }),
  }).flatMap(([name, value]) =>
    value === undefined ? [] : [`  ${JSON.stringify(name)} : ${JSON.stringify(value)}`],
  )
  if (isNotification && attributes.length > 0) {
    members.push(`  "MessageAttributes" : {\n${attributes.join(',\n')}\n  }`)
  }
  return `{\n${members.join(',\n')}\n}`
}

function attributeText({ type, text, binary }: MessageAttribute): string {
  return JSON.stringify({ Type: type, Value: binary ?? text ?? '' })
}

function subscribeUrl(endpoint: string, topicArn: string, token: string): string {
  return `${endpoint}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${token}`
}

export function unsubscribeUrl(endpoint: string, subscriptionArn: string): string {
  return `${endpoint}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`
}
