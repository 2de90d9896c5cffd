import type { Transport } from '../../../balance/records.ts'
import type { RuleAction } from '../../../protocol/gateway.ts'
import { is } from '../../../wire/accept.ts'
import { acceptedAction, readActions } from '../actions.ts'
import type { Elbv2Deps, Elbv2Operation } from '../deps.ts'
import { validationError } from '../errors.ts'
import { requireBalancer } from '../find.ts'
import { readListenerTls } from '../listener-tls.ts'
import { readTags } from '../tags.ts'
import { listenerView } from '../views.ts'

export const createListener: Elbv2Operation<'CreateListener'> = {
  accepts: {
    LoadBalancerArn: true,
    Protocol: is('HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP'),
    SslPolicy: true,
    Certificates: { CertificateArn: true },
    MutualAuthentication: { Mode: is('off') },
    Port: true,
    DefaultActions: acceptedAction,
    Tags: { Key: true, Value: true },
  },
  async handle(input, { scope }, deps) {
    const { balancerId, type } = await requireBalancer(deps, scope, input.LoadBalancerArn)
    if (input.Protocol === undefined) throw validationError('A listener protocol must be specified')
    const isTcp = networkProtocols.includes(input.Protocol)
    if (isTcp !== (type === 'network')) {
      const allowed = type === 'network' ? networkProtocols : ['HTTP', 'HTTPS']
      throw validationError(
        `Listener protocol '${input.Protocol}' must be one of '${allowed.join(', ')}'`,
      )
    }
    const transport = readTransport(deps, input.Protocol)
    const tls = readListenerTls(scope, input)
    const action = readActions(scope, input.DefaultActions)
    if (isTcp) checkTcpAction(action)
    const listener = await deps.balance.listeners.create(scope, {
      balancerId,
      port: checkPort(input.Port),
      ...(tls === undefined ? {} : { tls }),
      ...(isTcp ? { protocol: 'tcp' as const } : {}),
      ...(transport === undefined ? {} : { transport }),
      action,
      tags: readTags(input.Tags),
    })
    return { Listeners: [listenerView(scope, listener)] }
  },
}

const networkProtocols = ['TCP', 'TLS', 'UDP', 'TCP_UDP']

/** Datagrams are for the network itself to pass on, which plain processes do not have. */
export function readTransport(deps: Elbv2Deps, protocol: string): Transport | undefined {
  if (protocol !== 'UDP' && protocol !== 'TCP_UDP') return undefined
  checkFlows(deps, `The protocol ${protocol}`)
  return protocol === 'UDP' ? 'udp' : 'tcp_udp'
}

export function checkFlows({ balance }: Elbv2Deps, what: string): void {
  if (balance.hasFlows) return
  throw validationError(`${what} is not supported here: machines are plain processes`)
}

/** A connection goes to one group, and to nothing else. */
export function checkTcpAction(action: RuleAction): void {
  const isPlain = action.type === 'forward' && action.stickySeconds === undefined
  if (isPlain && action.targetGroups.length === 1) return
  throw validationError('The action of a TCP listener must forward to one target group')
}

export function checkPort(port: number | undefined): number {
  if (port === undefined || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw validationError(`The port '${port ?? ''}' must be between 1 and 65535`)
  }
  return port
}
