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
    Protocol: is('HTTP', 'HTTPS'),
    SslPolicy: true,
    Certificates: { CertificateArn: true },
    Port: true,
    DefaultActions: acceptedAction,
    Tags: { Key: true, Value: true },
  },
  async handle(input, { scope }, deps) {
    const { balancerId } = await requireBalancer(deps, scope, input.LoadBalancerArn)
    if (input.Protocol === undefined) throw validationError('A listener protocol must be specified')
    const tls = readListenerTls(scope, input)
    const listener = await deps.balance.listeners.create(scope, {
      balancerId,
      port: checkPort(input.Port),
      ...(tls === undefined ? {} : { tls }),
      action: readActions(scope, input.DefaultActions),
      tags: readTags(input.Tags),
    })
    return { Listeners: [listenerView(scope, listener)] }
  },
}

export function checkPort(port: number | undefined): number {
  if (port === undefined || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw validationError(`The port '${port ?? ''}' must be between 1 and 65535`)
  }
  return port
}
