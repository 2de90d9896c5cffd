import type { Elbv2Operation } from '../deps.ts'
import { requireListener } from '../find.ts'
import { operationNotPermitted, validationError } from '../errors.ts'
import { certificateIdOf } from '../listener-tls.ts'

export const removeListenerCertificates: Elbv2Operation<'RemoveListenerCertificates'> = {
  accepts: { ListenerArn: true, Certificates: { CertificateArn: true } },
  async handle(input, { scope }, deps) {
    const { listenerId } = await requireListener(deps, scope, input.ListenerArn)
    const given = (input.Certificates ?? []).map((one) => certificateIdOf(scope, one))
    if (given.length === 0) throw validationError('A certificate must be specified')
    const tls = await deps.balance.listeners.changeCertificates(scope, listenerId, (known) => {
      const [standard = '', ...others] = known
      if (given.includes(standard)) {
        throw operationNotPermitted('The default certificate of a listener cannot be removed')
      }
      return [standard, ...others.filter((id) => !given.includes(id))]
    })
    if (tls === undefined) throw validationError('The listener is not an HTTPS or TLS listener')
    return {}
  },
}
