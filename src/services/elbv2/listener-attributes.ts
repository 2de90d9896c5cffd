import type { BalancerListener } from '../../balance/records.ts'
import { constant, readNumber, type AttributeTable } from './attributes.ts'

/** Of answers that the balancer itself makes. */
const httpAttributes: AttributeTable<BalancerListener> = {
  'routing.http.response.server.enabled': constant('true'),
}

/** ELBv2's default, and what TLS and datagrams have always. */
export const idleSeconds = 350

const tcpAttributes: AttributeTable<BalancerListener> = {
  'tcp.idle_timeout.seconds': {
    show: ({ idleTimeoutSeconds = idleSeconds }) => String(idleTimeoutSeconds),
    set: (listener, value, key) => ({
      ...listener,
      idleTimeoutSeconds: readNumber(key, value, [60, 6000]),
    }),
  },
}

const fixedAttributes: AttributeTable<BalancerListener> = {
  'tcp.idle_timeout.seconds': constant(String(idleSeconds)),
}

export function listenerAttributesOf({
  protocol,
  transport,
  tls,
}: BalancerListener): AttributeTable<BalancerListener> {
  if (protocol !== 'tcp') return httpAttributes
  return transport === undefined && tls === undefined ? tcpAttributes : fixedAttributes
}
