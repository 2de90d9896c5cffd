import type { AcmOperation } from '../deps.ts'
import { requireCertificate } from '../find.ts'

export const listTagsForCertificate: AcmOperation<'ListTagsForCertificate'> = {
  accepts: { CertificateArn: true },
  async handle(input, { scope }, deps) {
    const { tags } = await requireCertificate(deps, scope, input.CertificateArn)
    return { Tags: [...tags] }
  },
}
