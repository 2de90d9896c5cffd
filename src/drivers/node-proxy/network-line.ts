import type { ListenerSpec } from '../../protocol/gateway.ts'

/** What is known of one connection of a TLS listener when it is over. Times are in milliseconds; absent is what did not happen. */
export interface SecuredFacts {
  readonly client: { readonly address: string; readonly port: number }
  readonly createdAt: number
  readonly endedAt: number
  /** Until the handshake was over. */
  readonly handshakeMilliseconds?: number
  /** Inside TLS. */
  readonly received: number
  readonly sent: number
  /** The number of the alert that the client sent. */
  readonly alert?: number
  /** Of the certificate that the client was shown. */
  readonly certificate?: string
  readonly cipher?: string
  /** OpenSSL's name: `TLSv1.2`. */
  readonly protocol?: string
  /** As the client asked. */
  readonly name?: string
}

const protocolNames: Readonly<Record<string, string>> = {
  ...{ TLSv1: 'tlsv10', 'TLSv1.1': 'tlsv11', 'TLSv1.2': 'tlsv12', 'TLSv1.3': 'tlsv13' },
}

/**
 * A line of a Network Load Balancer's access log
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html). ALPN is left alone here.
 */
export function networkLine(listener: ListenerSpec, facts: SecuredFacts): string {
  const { client, createdAt, endedAt } = facts
  return [
    ...['tls', '2.0', stamp(endedAt)],
    listener.accessLog?.balancerName ?? '-',
    listener.id.split('/').at(-1) ?? '-',
    `${client.address}:${client.port}`,
    `${listener.address}:${listener.port}`,
    Math.max(0, Math.round(endedAt - createdAt)),
    facts.handshakeMilliseconds === undefined ? '-' : Math.round(facts.handshakeMilliseconds),
    facts.received,
    facts.sent,
    facts.alert ?? '-',
    facts.certificate ?? '-',
    '-',
    facts.cipher ?? '-',
    (facts.protocol && protocolNames[facts.protocol]) ?? '-',
    '-',
    nameText(facts.name),
    ...['-', '-', '-'],
    stamp(createdAt),
  ].join(' ')
}

function nameText(name: string | undefined): string {
  return name === undefined || name === '' ? '-' : encodeURIComponent(name)
}

/** Without a zone, which is UTC. */
function stamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19)
}

/** The alerts of TLS that end a connection, by OpenSSL's names (RFC 8446 §6). */
const alerts: Readonly<Record<string, number>> = {
  ...{ UNEXPECTED_MESSAGE: 10, BAD_RECORD_MAC: 20, RECORD_OVERFLOW: 22 },
  ...{ DECRYPTION_FAILED: 21, DECOMPRESSION_FAILURE: 30, HANDSHAKE_FAILURE: 40 },
  ...{ NO_CERTIFICATE: 41, BAD_CERTIFICATE: 42, UNSUPPORTED_CERTIFICATE: 43 },
  ...{ CERTIFICATE_REVOKED: 44, CERTIFICATE_EXPIRED: 45, CERTIFICATE_UNKNOWN: 46 },
  ...{ ILLEGAL_PARAMETER: 47, UNKNOWN_CA: 48, ACCESS_DENIED: 49, DECODE_ERROR: 50 },
  ...{ DECRYPT_ERROR: 51, EXPORT_RESTRICTION: 60, PROTOCOL_VERSION: 70 },
  ...{ INSUFFICIENT_SECURITY: 71, INTERNAL_ERROR: 80, INAPPROPRIATE_FALLBACK: 86 },
  ...{ USER_CANCELLED: 90, NO_RENEGOTIATION: 100, UNKNOWN_PSK_IDENTITY: 115 },
  ...{ CERTIFICATE_REQUIRED: 116, NO_APPLICATION_PROTOCOL: 120 },
}

/** The alert that an error of a TLS connection tells of, if the far end sent one. */
export function alertOf(code: string | undefined): number | undefined {
  const name = /^ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_ALERT_([A-Z_]+)$/.exec(code ?? '')?.[1]
  return name !== undefined && Object.hasOwn(alerts, name) ? alerts[name] : undefined
}
