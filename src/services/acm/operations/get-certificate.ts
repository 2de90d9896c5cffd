import type { AcmOperation } from '../deps.ts'
import { requireCertificate } from '../find.ts'

export const getCertificate: AcmOperation<'GetCertificate'> = {
  accepts: { CertificateArn: true },
  async handle(input, { scope }, deps) {
    const { pem, chain } = await requireCertificate(deps, scope, input.CertificateArn)
    return { Certificate: pem, ...(chain === '' ? {} : { CertificateChain: chain }) }
  },
}
