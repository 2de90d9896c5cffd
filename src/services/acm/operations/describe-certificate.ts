import type { AcmOperation } from '../deps.ts'
import { requireCertificate, usersOf } from '../find.ts'
import { detailView } from '../views.ts'

export const describeCertificate: AcmOperation<'DescribeCertificate'> = {
  accepts: { CertificateArn: true },
  async handle(input, { scope }, deps) {
    const certificate = await requireCertificate(deps, scope, input.CertificateArn)
    const users = await usersOf(deps, scope, certificate.certificateId)
    return { Certificate: detailView(scope, certificate, { now: deps.clock.now(), users }) }
  },
}
