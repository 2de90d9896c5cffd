import type { Listener } from '@aws-sdk/client-elastic-load-balancing'
import type { ClassicBalancer, ClassicListener } from '../../balance/classic-records.ts'
import { isOfConnections, isOfTls } from '../../balance/plan-classic.ts'
import { sslPolicies, sslPolicyDefault } from '../../balance/ssl-policies.ts'
import {
  isShownCertificate,
  openShownCertificate,
  shownCertificateArn,
} from '../../identity/server-certificates.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { ElbDeps } from './deps.ts'
import {
  certificateNotFound,
  duplicateListener,
  unsupportedProtocol,
  validationError,
} from './errors.ts'

/** What a listener may carry in a request. */
export const listenerMembers = {
  Protocol: true,
  LoadBalancerPort: true,
  InstanceProtocol: true,
  InstancePort: true,
  SSLCertificateId: true,
} as const

const fronts: Readonly<Record<string, ClassicListener['protocol']>> = {
  HTTP: 'http',
  HTTPS: 'https',
  TCP: 'tcp',
  SSL: 'ssl',
}

/** The listeners of a request, each with a port of its own. */
export async function readListeners(
  deps: ElbDeps,
  scope: Scope,
  given: readonly Listener[] | undefined,
): Promise<readonly ClassicListener[]> {
  if (given === undefined || given.length === 0) {
    throw validationError('Listeners: at least one listener must be specified')
  }
  const listeners = await Promise.all(given.map((each) => readListener(deps, scope, each)))
  if (new Set(listeners.map((listener) => listener.port)).size !== listeners.length) {
    throw validationError('Listeners: two listeners have the same LoadBalancerPort')
  }
  return listeners
}

async function readListener(
  deps: ElbDeps,
  scope: Scope,
  given: Listener,
): Promise<ClassicListener> {
  const named = (given.Protocol ?? '').toUpperCase()
  const protocol = Object.hasOwn(fronts, named) ? fronts[named] : undefined
  if (protocol === undefined) throw unsupportedProtocol(given.Protocol ?? '')
  const isJoined = isOfConnections({ protocol })
  const inside = (given.InstanceProtocol || (isJoined ? 'TCP' : 'HTTP')).toUpperCase()
  if (!Object.hasOwn(fronts, inside)) throw unsupportedProtocol(inside)
  if ((inside === 'TCP' || inside === 'SSL') !== isJoined) {
    throw validationError(
      `InstanceProtocol ${inside} and Protocol ${named} of a listener must be of the same layer`,
    )
  }
  const port = checkPort('LoadBalancerPort', given.LoadBalancerPort)
  const instancePort = checkPort('InstancePort', given.InstancePort)
  const isSecuredInside = inside === 'HTTPS' || inside === 'SSL'
  const listener = {
    ...{ port, protocol, instancePort, policyNames: [] },
    ...(isSecuredInside ? { isSecuredInside: true as const } : {}),
  }
  if (!isOfTls({ protocol })) {
    if (!given.SSLCertificateId) return listener
    throw validationError(`SSLCertificateId is not for ${named} listeners`)
  }
  const certificateId = await readCertificate(deps, scope, given.SSLCertificateId)
  return { ...listener, certificateId, policyNames: [sslPolicyDefault] }
}

/** A certificate of ACM or IAM, by its ARN. */
export async function readCertificate(
  { store }: ElbDeps,
  scope: Scope,
  arn: string | undefined,
): Promise<string> {
  if (!arn) throw validationError('SSLCertificateId is required for HTTPS and SSL listeners')
  const id = openShownCertificate(scope, arn)
  if (id === undefined || !(await isShownCertificate(store, scope, id))) {
    throw certificateNotFound(arn)
  }
  return id
}

function checkPort(member: string, port: number | undefined): number {
  if (port !== undefined && Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw validationError(`${member} must be between 1 and 65535`)
}

/** The balancer with more listeners; one that is there already must be the same. */
export function withListeners(
  balancer: ClassicBalancer,
  added: readonly ClassicListener[],
): ClassicBalancer {
  const fresh = added.filter((listener) => {
    const known = balancer.listeners.find((each) => each.port === listener.port)
    if (known === undefined) return true
    if (isSame(known, listener)) return false
    throw duplicateListener(balancer.name, listener.port)
  })
  return withDefaultPolicy({ ...balancer, listeners: [...balancer.listeners, ...fresh] })
}

/** HTTPS and SSL listeners begin with a predefined policy, which the balancer then has. */
export function withDefaultPolicy<B extends Pick<ClassicBalancer, 'listeners' | 'policies'>>(
  balancer: B,
): B {
  const name = sslPolicyDefault
  const isMissing =
    balancer.listeners.some((listener) => listener.policyNames.includes(name)) &&
    !balancer.policies.some((policy) => policy.name === name)
  if (!isMissing) return balancer
  const policy = { name, type: 'ssl', reference: name, ...sslPolicies[name]! } as const
  return { ...balancer, policies: [...balancer.policies, policy] }
}

export function isSame(a: ClassicListener, b: ClassicListener): boolean {
  return (
    a.port === b.port &&
    a.protocol === b.protocol &&
    a.instancePort === b.instancePort &&
    a.isSecuredInside === b.isSecuredInside &&
    a.certificateId === b.certificateId
  )
}

export function listenerView(scope: Scope, listener: ClassicListener): Listener {
  const { certificateId, isSecuredInside = false } = listener
  const [plain, secured] = isOfConnections(listener) ? ['TCP', 'SSL'] : ['HTTP', 'HTTPS']
  return {
    Protocol: listener.protocol.toUpperCase(),
    LoadBalancerPort: listener.port,
    InstanceProtocol: isSecuredInside ? secured : plain,
    InstancePort: listener.instancePort,
    ...(certificateId === undefined
      ? {}
      : { SSLCertificateId: shownCertificateArn(scope, certificateId) }),
  }
}
