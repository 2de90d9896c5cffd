import type {
  PolicyAttribute,
  PolicyDescription,
  PolicyTypeDescription,
} from '@aws-sdk/client-elastic-load-balancing'
import type {
  ClassicBalancer,
  ClassicListener,
  ClassicPolicy,
} from '../../balance/classic-records.ts'
import { isOfConnections, isOfTls } from '../../balance/plan-classic.ts'
import {
  duplicatePolicy,
  invalidConfiguration,
  listenerNotFound,
  policyNotFound,
  policyTypeNotFound,
  validationError,
} from './errors.ts'
import { sslAttributes, sslAttributeTypes, sslNegotiation } from './ssl-negotiation.ts'

const policiesMax = 100

/** The types that policies may be made of here. */
export const policyTypes: readonly PolicyTypeDescription[] = [
  {
    PolicyTypeName: 'LBCookieStickinessPolicyType',
    Description: 'Stickiness policy with session lifetimes controlled by the browser or by age.',
    PolicyAttributeTypeDescriptions: [
      {
        AttributeName: 'CookieExpirationPeriod',
        AttributeType: 'Long',
        Cardinality: 'ZERO_OR_ONE',
      },
    ],
  },
  {
    PolicyTypeName: 'AppCookieStickinessPolicyType',
    Description: 'Stickiness policy with session lifetimes controlled by the application cookie.',
    PolicyAttributeTypeDescriptions: [
      { AttributeName: 'CookieName', AttributeType: 'String', Cardinality: 'ONE' },
    ],
  },
  {
    PolicyTypeName: 'SSLNegotiationPolicyType',
    Description: 'Listener policy that defines the ciphers and protocols that listeners accept.',
    PolicyAttributeTypeDescriptions: sslAttributeTypes,
  },
]

/** A policy as CreateLoadBalancerPolicy names it. */
export function readPolicy(
  name: string | undefined,
  type: string | undefined,
  attributes: readonly PolicyAttribute[] | undefined,
): ClassicPolicy {
  const given = new Map(
    (attributes ?? []).map((each) => [each.AttributeName ?? '', each.AttributeValue ?? '']),
  )
  const known = policyTypes.find((each) => each.PolicyTypeName === type)
  if (known === undefined) throw policyTypeNotFound(type ?? '')
  const allowed = known.PolicyAttributeTypeDescriptions?.map((each) => each.AttributeName) ?? []
  for (const [key, value] of given) {
    // Whatever is not asked for is not there.
    if (!allowed.includes(key) && !(type === 'SSLNegotiationPolicyType' && value === 'false')) {
      throw invalidConfiguration(`Policy attribute '${key}' of ${type} is not supported here`)
    }
  }
  const policyName = checkName(name)
  if (type === 'LBCookieStickinessPolicyType') {
    const period = given.get('CookieExpirationPeriod')
    return balancerCookiePolicy(policyName, period === undefined ? undefined : Number(period))
  }
  if (type === 'AppCookieStickinessPolicyType') {
    return applicationCookiePolicy(policyName, given.get('CookieName'))
  }
  return { name: policyName, type: 'ssl', ...sslNegotiation(given) }
}

export function balancerCookiePolicy(
  name: string | undefined,
  seconds: number | undefined,
): ClassicPolicy {
  if (seconds !== undefined && !(Number.isInteger(seconds) && seconds >= 0)) {
    throw validationError('CookieExpirationPeriod must be a whole number of seconds')
  }
  // Zero is the browser's session, as on AWS.
  const period = seconds === undefined || seconds === 0 ? {} : { seconds }
  return { name: checkName(name), type: 'lb-cookie', ...period }
}

export function applicationCookiePolicy(
  name: string | undefined,
  cookieName: string | undefined,
): ClassicPolicy {
  if (!cookieName || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(cookieName)) {
    throw validationError(`CookieName '${cookieName ?? ''}' is not the name of a cookie`)
  }
  return { name: checkName(name), type: 'app-cookie', cookieName }
}

function checkName(name: string | undefined): string {
  if (name !== undefined && /^[A-Za-z0-9-]{1,128}$/.test(name)) return name
  throw validationError(`PolicyName '${name ?? ''}' must be letters, digits and hyphens`)
}

export function withPolicy(balancer: ClassicBalancer, policy: ClassicPolicy): ClassicBalancer {
  const known = balancer.policies.find((each) => each.name === policy.name)
  if (known !== undefined) {
    if (JSON.stringify(known) === JSON.stringify(policy)) return balancer
    throw duplicatePolicy(policy.name)
  }
  if (balancer.policies.length >= policiesMax) {
    throw invalidConfiguration(`A load balancer has at most ${policiesMax} policies`)
  }
  return { ...balancer, policies: [...balancer.policies, policy] }
}

export function withoutPolicy(balancer: ClassicBalancer, name: string): ClassicBalancer {
  const user = balancer.listeners.find((listener) => listener.policyNames.includes(name))
  if (user !== undefined) {
    throw invalidConfiguration(`Policy ${name} is in use by the listener on port ${user.port}`)
  }
  return { ...balancer, policies: balancer.policies.filter((each) => each.name !== name) }
}

/** The balancer with a listener's policies set: at most one of stickiness, over HTTP. */
export function withListenerPolicies(
  balancer: ClassicBalancer,
  port: number,
  names: readonly string[],
): ClassicBalancer {
  const listener = balancer.listeners.find((each) => each.port === port)
  if (listener === undefined) throw listenerNotFound(balancer.name, port)
  const policies = names.map((name) => {
    const policy = balancer.policies.find((each) => each.name === name)
    if (policy === undefined) throw policyNotFound(name)
    return policy
  })
  checkFit(listener, policies)
  const listeners = balancer.listeners.map((each) =>
    each.port === port ? { ...each, policyNames: [...new Set(names)] } : each,
  )
  return { ...balancer, listeners }
}

function checkFit(listener: ClassicListener, policies: readonly ClassicPolicy[]): void {
  const sticky = policies.filter((policy) => policy.type !== 'ssl')
  if (sticky.length > 1) {
    throw invalidConfiguration('A listener has at most one stickiness policy')
  }
  if (sticky.length > 0 && isOfConnections(listener)) {
    throw invalidConfiguration('Stickiness policies are for HTTP and HTTPS listeners')
  }
  if (policies.length > sticky.length && !isOfTls(listener)) {
    throw invalidConfiguration('SSL negotiation policies are for HTTPS and SSL listeners')
  }
}

export function policyView(policy: ClassicPolicy): PolicyDescription {
  const view = (type: string, name: string, value: string): PolicyDescription => ({
    PolicyName: policy.name,
    PolicyTypeName: type,
    PolicyAttributeDescriptions: [{ AttributeName: name, AttributeValue: value }],
  })
  switch (policy.type) {
    case 'lb-cookie': {
      const period = policy.seconds === undefined ? '0' : String(policy.seconds)
      return view('LBCookieStickinessPolicyType', 'CookieExpirationPeriod', period)
    }
    case 'app-cookie':
      return view('AppCookieStickinessPolicyType', 'CookieName', policy.cookieName)
    case 'ssl':
      return {
        PolicyName: policy.name,
        PolicyTypeName: 'SSLNegotiationPolicyType',
        PolicyAttributeDescriptions: [...sslAttributes(policy)],
      }
  }
}
