import type { AcmOperation } from '../deps.ts'
import { requireCertificate } from '../find.ts'

export const removeTagsFromCertificate: AcmOperation<'RemoveTagsFromCertificate'> = {
  accepts: { CertificateArn: true, Tags: { Key: true, Value: true } },
  async handle(input, { scope }, deps) {
    const { certificateId, tags } = await requireCertificate(deps, scope, input.CertificateArn)
    // A tag that is given with a value goes only when it has that value.
    const left = tags.filter(
      (tag) =>
        !(input.Tags ?? []).some(
          ({ Key, Value }) => Key === tag.Key && (Value === undefined || Value === tag.Value),
        ),
    )
    await deps.certificates.setTags(scope, certificateId, left)
    return {}
  },
}
