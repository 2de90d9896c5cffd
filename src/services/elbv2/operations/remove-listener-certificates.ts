import type { Elbv2Operation } from '../deps.ts'
import { requireListener } from '../find.ts'
import { operationNotPermitted, validationError } from '../errors.ts'
import { certificateIdOf } from '../listener-tls.ts'

export const removeListenerCertificates: Elbv2Operation<'RemoveListenerCertificates'> = {
  accepts: { ListenerArn: true, Certificates: { CertificateArn: true } },
  async handle(input, { scope }, deps) {
    const { listenerId, tls } = await requireListener(deps, scope, input.ListenerArn)
    if (tls === undefined) throw validationError('The listener is not an HTTPS listener')
    const given = (input.Certificates ?? []).map((one) => certificateIdOf(scope, one))
    const [standard = '', ...others] = tls.certificateIds
    if (given.includes(standard)) {
      throw operationNotPermitted('The default certificate of a listener cannot be removed')
    }
    const certificateIds = [standard, ...others.filter((id) => !given.includes(id))]
    await deps.balance.listeners.modify(scope, listenerId, { tls: { ...tls, certificateIds } })
    return {}
  },
}
