import { is } from '../../../wire/accept.ts'
import { acceptedAction, readActions } from '../actions.ts'
import type { Elbv2Operation } from '../deps.ts'
import { validationError } from '../errors.ts'
import { requireListener } from '../find.ts'
import { idleSeconds } from '../listener-attributes.ts'
import { readListenerTls } from '../listener-tls.ts'
import { listenerView } from '../views.ts'
import { checkPort, checkTcpAction } from './create-listener.ts'
import { checkIdleTimeout } from './modify-listener-attributes.ts'

export const modifyListener: Elbv2Operation<'ModifyListener'> = {
  accepts: {
    ListenerArn: true,
    Port: true,
    Protocol: is('HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP'),
    SslPolicy: true,
    Certificates: { CertificateArn: true },
    MutualAuthentication: { Mode: is('off') },
    DefaultActions: acceptedAction,
  },
  async handle(input, { scope }, deps) {
    const known = await requireListener(deps, scope, input.ListenerArn)
    const { listenerId, tls, protocol, transport } = known
    const { Port, DefaultActions } = input
    const isTcp = protocol === 'tcp'
    const isSame = isTcp === (input.Protocol === 'TCP' || input.Protocol === 'TLS')
    const isNamed = transport !== undefined && transport.toUpperCase() === input.Protocol
    if (input.Protocol !== undefined && (transport === undefined ? !isSame : !isNamed)) {
      throw validationError(`The listener cannot become a ${input.Protocol} listener`)
    }
    const isPlain = input.Protocol === 'HTTP' || input.Protocol === 'TCP' || isNamed
    const action = DefaultActions && readActions(scope, DefaultActions)
    if (isTcp && action !== undefined) checkTcpAction(action)
    if (action !== undefined && (known.idleTimeoutSeconds ?? idleSeconds) !== idleSeconds) {
      await checkIdleTimeout(deps, scope, action)
    }
    const listener = await deps.balance.listeners.modify(scope, listenerId, {
      tls: readListenerTls(scope, input, isPlain ? undefined : tls),
      ...(Port === undefined ? {} : { port: checkPort(Port) }),
      ...(action === undefined ? {} : { action }),
    })
    return { Listeners: [listenerView(scope, listener)] }
  },
}
