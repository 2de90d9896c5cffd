import type {
  PolicyAttributeDescription,
  PolicyAttributeTypeDescription,
} from '@aws-sdk/client-elastic-load-balancing'
import type { ClassicPolicy } from '../../balance/classic-records.ts'
import { sslPolicies, versionsOf } from '../../balance/ssl-policies.ts'
import type { TlsVersion } from '../../protocol/gateway.ts'
import { invalidConfiguration } from './errors.ts'

type SslPolicy = ClassicPolicy & { readonly type: 'ssl' }
type Negotiation = Omit<SslPolicy, 'name' | 'type'>

/** Those of the predefined policies that Classic Load Balancers have; the older ones speak SSLv3, RC4 or 3DES. */
const references = [
  'ELBSecurityPolicy-2016-08',
  'ELBSecurityPolicy-TLS-1-2-2017-01',
  'ELBSecurityPolicy-TLS-1-1-2017-01',
  'ELBSecurityPolicy-2015-05',
]
const versions: readonly TlsVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2']
const ciphers = sslPolicies['ELBSecurityPolicy-2016-08']?.ciphers ?? []
const referenceKey = 'Reference-Security-Policy'
const orderKey = 'Server-Defined-Cipher-Order'

/** What is there for every balancer to use. */
export const predefinedPolicies: readonly SslPolicy[] = references.map((reference) => ({
  ...{ name: reference, type: 'ssl', reference },
  ...predefined(reference),
}))

/** Ciphers and protocols that may be named; those that are refused are known by name, so that `false` may be said of them. */
export const sslAttributeTypes: PolicyAttributeTypeDescription[] = [
  { AttributeName: referenceKey, AttributeType: 'String', Cardinality: 'ZERO_OR_ONE' },
  ...[...versions.map((version) => `Protocol-${version}`), orderKey, ...ciphers].map((name) => ({
    AttributeName: name,
    AttributeType: 'Boolean',
    DefaultValue: 'false',
    Cardinality: 'ZERO_OR_ONE',
  })),
]

function predefined(reference: string): Negotiation {
  const found = sslPolicies[reference]
  if (!references.includes(reference) || found === undefined) {
    throw invalidConfiguration(
      `Reference-Security-Policy '${reference}' is not supported here: ${references.join(', ')} are`,
    )
  }
  return { reference, ...found }
}

/** What attributes of a policy ask for: a predefined policy, or protocols and ciphers one by one. */
export function sslNegotiation(given: ReadonlyMap<string, string>): Negotiation {
  const reference = given.get(referenceKey)
  if (reference !== undefined) {
    if (given.size === 1) return predefined(reference)
    throw invalidConfiguration(`${referenceKey} stands alone, without other attributes`)
  }
  const isOn = (name: string): boolean => {
    const value = given.get(name) ?? 'false'
    if (value === 'true' || value === 'false') return value === 'true'
    throw invalidConfiguration(`Policy attribute '${name}' must be true or false, not '${value}'`)
  }
  const asked = versions.filter((version) => isOn(`Protocol-${version}`))
  const [minVersion] = asked
  const maxVersion = asked.at(-1)
  if (minVersion === undefined || maxVersion === undefined) {
    throw invalidConfiguration('At least one protocol must be enabled in an SSL negotiation policy')
  }
  if (versionsOf({ minVersion, maxVersion }).length !== asked.length) {
    throw invalidConfiguration(
      `Protocols with a gap between them are not supported here: ${asked.join(', ')}`,
    )
  }
  const chosen = ciphers.filter(isOn)
  if (chosen.length === 0) {
    throw invalidConfiguration('At least one cipher must be enabled in an SSL negotiation policy')
  }
  const order = isOn(orderKey) ? {} : { isClientOrdered: true as const }
  return { minVersion, maxVersion, ciphers: chosen, ...order }
}

/** A policy as it is told: every protocol and cipher, on or off. */
export function sslAttributes(policy: SslPolicy): readonly PolicyAttributeDescription[] {
  const { reference, ciphers: chosen = ciphers } = policy
  const spoken = versionsOf(policy)
  const flag = (AttributeName: string, isOn: boolean): PolicyAttributeDescription => ({
    AttributeName,
    AttributeValue: String(isOn),
  })
  return [
    ...(reference === undefined
      ? []
      : [{ AttributeName: referenceKey, AttributeValue: reference }]),
    ...versions.map((version) => flag(`Protocol-${version}`, spoken.includes(version))),
    flag(orderKey, policy.isClientOrdered !== true),
    ...ciphers.map((cipher) => flag(cipher, chosen.includes(cipher))),
  ]
}
