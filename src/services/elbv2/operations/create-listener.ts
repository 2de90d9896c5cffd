import type { RuleAction } from '../../../protocol/gateway.ts'
import { is } from '../../../wire/accept.ts'
import { acceptedAction, readActions } from '../actions.ts'
import type { Elbv2Operation } from '../deps.ts'
import { validationError } from '../errors.ts'
import { requireBalancer } from '../find.ts'
import { readListenerTls } from '../listener-tls.ts'
import { readTags } from '../tags.ts'
import { listenerView } from '../views.ts'

export const createListener: Elbv2Operation<'CreateListener'> = {
  accepts: {
    LoadBalancerArn: true,
    Protocol: is('HTTP', 'HTTPS', 'TCP'),
    SslPolicy: true,
    Certificates: { CertificateArn: true },
    Port: true,
    DefaultActions: acceptedAction,
    Tags: { Key: true, Value: true },
  },
  async handle(input, { scope }, deps) {
    const { balancerId, type } = await requireBalancer(deps, scope, input.LoadBalancerArn)
    if (input.Protocol === undefined) throw validationError('A listener protocol must be specified')
    const isTcp = input.Protocol === 'TCP'
    if (isTcp !== (type === 'network')) {
      throw validationError(
        `A ${type ?? 'application'} load balancer has no ${input.Protocol} listeners`,
      )
    }
    const tls = readListenerTls(scope, input)
    const action = readActions(scope, input.DefaultActions)
    if (isTcp) checkTcpAction(action)
    const listener = await deps.balance.listeners.create(scope, {
      balancerId,
      port: checkPort(input.Port),
      ...(tls === undefined ? {} : { tls }),
      ...(isTcp ? { protocol: 'tcp' as const } : {}),
      action,
      tags: readTags(input.Tags),
    })
    return { Listeners: [listenerView(scope, listener)] }
  },
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
