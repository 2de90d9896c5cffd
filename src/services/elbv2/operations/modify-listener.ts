import { is } from '../../../wire/accept.ts'
import { acceptedAction, readActions } from '../actions.ts'
import type { Elbv2Operation } from '../deps.ts'
import { requireListener } from '../find.ts'
import { readListenerTls } from '../listener-tls.ts'
import { listenerView } from '../views.ts'
import { checkPort } from './create-listener.ts'

export const modifyListener: Elbv2Operation<'ModifyListener'> = {
  accepts: {
    ListenerArn: true,
    Port: true,
    Protocol: is('HTTP', 'HTTPS'),
    SslPolicy: true,
    Certificates: { CertificateArn: true },
    DefaultActions: acceptedAction,
  },
  async handle(input, { scope }, deps) {
    const { listenerId, tls } = await requireListener(deps, scope, input.ListenerArn)
    const { Port, DefaultActions } = input
    const listener = await deps.balance.listeners.modify(scope, listenerId, {
      tls: readListenerTls(scope, input, input.Protocol === 'HTTP' ? undefined : tls),
      ...(Port === undefined ? {} : { port: checkPort(Port) }),
      ...(DefaultActions === undefined ? {} : { action: readActions(scope, DefaultActions) }),
    })
    return { Listeners: [listenerView(scope, listener)] }
  },
}
