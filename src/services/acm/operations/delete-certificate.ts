import { certificateArn } from '../../../identity/certificates.ts'
import type { AcmOperation } from '../deps.ts'
import { certificateInUse } from '../errors.ts'
import { requireCertificate, usersOf } from '../find.ts'

export const deleteCertificate: AcmOperation<'DeleteCertificate'> = {
  accepts: { CertificateArn: true },
  async handle(input, { scope }, deps) {
    const { certificateId } = await requireCertificate(deps, scope, input.CertificateArn)
    const users = await usersOf(deps, scope, certificateId)
    if (users.length > 0) throw certificateInUse(certificateArn(scope, certificateId), users)
    await deps.certificates.remove(scope, certificateId)
    return {}
  },
}
