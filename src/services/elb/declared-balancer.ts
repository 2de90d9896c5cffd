import type {
  CreateAccessPointInput,
  HealthCheck,
  Listener,
  LoadBalancerAttributes,
  PolicyAttribute,
} from '@aws-sdk/client-elastic-load-balancing'
import { classicDefaults } from '../../balance/classic-catalogue.ts'
import type { ClassicBalancer, ClassicListener } from '../../balance/classic-records.ts'
import type { Properties } from '../../stacks/resource-type.ts'
import { firstRefused } from '../../wire/accept.ts'
import { attributeMembers, withAttributes } from './attributes.ts'
import { unsupportedMember } from './errors.ts'
import { readHealthCheck } from './health-check.ts'
import { withDefaultPolicy } from './listeners.ts'
import {
  applicationCookiePolicy,
  balancerCookiePolicy,
  readPolicy,
  withListenerPolicies,
  withPolicy,
} from './policies.ts'

/** A listener as templates write it: with its policies. */
export interface DeclaredListener extends Listener {
  readonly PolicyNames?: readonly string[] | string
}

interface DeclaredPolicy {
  readonly PolicyName?: string
  readonly PolicyType?: string
  readonly Attributes?: { Name?: string; Value?: unknown }[]
  readonly LoadBalancerPorts?: readonly (string | number)[] | string | number
}

/** The resource's properties; templates of 2014 write one object where a list is meant. */
export interface BalancerProperties extends Partial<Omit<CreateAccessPointInput, 'Listeners'>> {
  readonly Listeners?: DeclaredListener | DeclaredListener[]
  readonly Instances?: string[]
  readonly HealthCheck?: HealthCheck
  readonly CrossZone?: boolean
  readonly ConnectionDrainingPolicy?: LoadBalancerAttributes['ConnectionDraining']
  readonly ConnectionSettings?: LoadBalancerAttributes['ConnectionSettings']
  readonly AccessLoggingPolicy?: LoadBalancerAttributes['AccessLog']
  readonly AppCookieStickinessPolicy?: { PolicyName?: string; CookieName?: string }[]
  readonly LBCookieStickinessPolicy?: { PolicyName?: string; CookieExpirationPeriod?: number }[]
  readonly Policies?: DeclaredPolicy | DeclaredPolicy[]
}

export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return []
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}

/** The listeners of the properties as an operation takes them. */
export function declaredListeners(properties: Properties): Listener[] {
  const given = (properties as BalancerProperties).Listeners
  return listOf(given).map(({ PolicyNames: _policies, ...listener }) => listener)
}

/** The attributes that the properties ask for; what cannot be honoured is refused by name. */
function declaredAttributes(given: BalancerProperties): LoadBalancerAttributes {
  const { ConnectionDrainingPolicy, ConnectionSettings, AccessLoggingPolicy, CrossZone } = given
  const attributes: LoadBalancerAttributes = {
    CrossZoneLoadBalancing: { Enabled: CrossZone ?? false },
    ConnectionDraining: ConnectionDrainingPolicy ?? { Enabled: false },
    ConnectionSettings: ConnectionSettings ?? { IdleTimeout: classicDefaults.idleTimeoutSeconds },
    AccessLog: AccessLoggingPolicy ?? { Enabled: false },
  }
  const refused = firstRefused(attributes, attributeMembers)
  if (refused !== undefined) throw unsupportedMember(refused, 'LoadBalancerAttributes')
  return attributes
}

/** The balancer with everything that its properties say, and nothing that they do not: zones, groups and instances apart. */
export function declaredBalancer(
  balancer: ClassicBalancer,
  listeners: readonly ClassicListener[],
  properties: Properties,
): ClassicBalancer {
  const given = properties as BalancerProperties
  const plain = withDefaultPolicy({ ...balancer, policies: [], listeners })
  const bare: ClassicBalancer = {
    ...plain,
    drainingSeconds: classicDefaults.drainingSeconds,
    healthCheck:
      given.HealthCheck === undefined
        ? classicDefaults.healthCheck(listeners)
        : readHealthCheck(given.HealthCheck),
  }
  return withDeclaredPolicies(withAttributes(bare, declaredAttributes(given)), given)
}

function withDeclaredPolicies(bare: ClassicBalancer, given: BalancerProperties): ClassicBalancer {
  const policies = [
    ...listOf(given.AppCookieStickinessPolicy).map((each) =>
      applicationCookiePolicy(each.PolicyName, each.CookieName),
    ),
    ...listOf(given.LBCookieStickinessPolicy).map((each) =>
      balancerCookiePolicy(each.PolicyName, each.CookieExpirationPeriod),
    ),
    ...listOf(given.Policies).map((each) =>
      readPolicy(each.PolicyName, each.PolicyType, attributesOf(each)),
    ),
  ]
  let balancer = bare
  for (const policy of policies) balancer = withPolicy(balancer, policy)
  for (const listener of listOf(given.Listeners)) {
    const port = Number(listener.LoadBalancerPort)
    const names = [...listOf(listener.PolicyNames), ...policiesFor(given, port)]
    const isSecured = names.some((name) =>
      balancer.policies.some((policy) => policy.name === name && policy.type === 'ssl'),
    )
    const known = balancer.listeners.find((each) => each.port === port)?.policyNames ?? []
    balancer = withListenerPolicies(balancer, port, isSecured ? names : [...known, ...names])
  }
  return balancer
}

function attributesOf(policy: DeclaredPolicy): PolicyAttribute[] {
  return listOf(policy.Attributes).map(({ Name, Value }) => ({
    AttributeName: Name,
    AttributeValue: String(Value),
  }))
}

/** Policies may name the listeners that they are for. */
function policiesFor(given: BalancerProperties, port: number): string[] {
  return listOf(given.Policies).flatMap((policy) =>
    listOf(policy.LoadBalancerPorts).map(Number).includes(port) ? [policy.PolicyName ?? ''] : [],
  )
}
