import { withoutTags } from '../../../kernel/tags.ts'
import type { Operation } from '../../../wire/service.ts'
import { changeCertificate } from '../server-certificates.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const untagServerCertificate: Operation<IamOperations, 'UntagServerCertificate', IamDeps> = {
  accepts: { ServerCertificateName: true, TagKeys: true },
  async handle(input, { scope }, deps) {
    const keys = input.TagKeys ?? []
    await changeCertificate(deps, scope, input.ServerCertificateName, (certificate) => ({
      ...certificate,
      tags: withoutTags(certificate.tags, keys),
    }))
    return {}
  },
}
