import type { Elbv2Operation } from '../deps.ts'
import { validationError } from '../errors.ts'
import { requireListener } from '../find.ts'
import { certificateIdOf, certificateViews } from '../listener-tls.ts'

export const addListenerCertificates: Elbv2Operation<'AddListenerCertificates'> = {
  accepts: { ListenerArn: true, Certificates: { CertificateArn: true } },
  async handle(input, { scope }, deps) {
    const { listenerId } = await requireListener(deps, scope, input.ListenerArn)
    const given = (input.Certificates ?? []).map((one) => certificateIdOf(scope, one))
    if (given.length === 0) throw validationError('A certificate must be specified')
    const { listeners } = deps.balance
    const tls = await listeners.changeCertificates(scope, listenerId, (ids) => [...ids, ...given])
    if (tls === undefined) throw validationError('The listener is not an HTTPS or TLS listener')
    const views = certificateViews(scope, tls)
    return {
      Certificates: views.filter((_, index) => given.includes(tls.certificateIds[index] ?? '')),
    }
  },
}
