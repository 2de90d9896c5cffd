import { withTags } from '../../../kernel/tags.ts'
import type { AcmOperation } from '../deps.ts'
import { requireCertificate } from '../find.ts'
import { readTags } from '../tags.ts'

export const addTagsToCertificate: AcmOperation<'AddTagsToCertificate'> = {
  accepts: { CertificateArn: true, Tags: { Key: true, Value: true } },
  async handle(input, { scope }, deps) {
    const { certificateId, tags } = await requireCertificate(deps, scope, input.CertificateArn)
    await deps.certificates.setTags(scope, certificateId, withTags(tags, readTags(input.Tags)))
    return {}
  },
}
