import type { Elbv2Operation } from '../deps.ts'
import { validationError } from '../errors.ts'
import { requireListener } from '../find.ts'
import { certificateIdOf, certificateViews } from '../listener-tls.ts'

export const addListenerCertificates: Elbv2Operation<'AddListenerCertificates'> = {
  accepts: { ListenerArn: true, Certificates: { CertificateArn: true } },
  async handle(input, { scope }, deps) {
    const { listenerId, tls } = await requireListener(deps, scope, input.ListenerArn)
    if (tls === undefined) throw validationError('The listener is not an HTTPS or TLS listener')
    const given = (input.Certificates ?? []).map((one) => certificateIdOf(scope, one))
    const certificateIds = [...new Set([...tls.certificateIds, ...given])]
    await deps.balance.listeners.modify(scope, listenerId, { tls: { ...tls, certificateIds } })
    const views = certificateViews(scope, { ...tls, certificateIds })
    return { Certificates: views.filter((_, index) => given.includes(certificateIds[index] ?? '')) }
  },
}
