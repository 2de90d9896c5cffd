import type { BalancerListener } from '../../balance/records.ts'
import { constant, type AttributeTable } from './attributes.ts'

/** Of answers that the balancer itself makes. */
const httpAttributes: AttributeTable<BalancerListener> = {
  'routing.http.response.server.enabled': constant('true'),
}

const tcpAttributes: AttributeTable<BalancerListener> = {
  'tcp.idle_timeout.seconds': constant('350'),
}

export function listenerAttributesOf({
  protocol,
}: BalancerListener): AttributeTable<BalancerListener> {
  return protocol === 'tcp' ? tcpAttributes : httpAttributes
}
