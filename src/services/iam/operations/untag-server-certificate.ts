import { withoutTags } from '../../../kernel/tags.ts'
import type { Operation } from '../../../wire/service.ts'
import { certificateEntities } from '../server-certificates.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const untagServerCertificate: Operation<IamOperations, 'UntagServerCertificate', IamDeps> = {
  accepts: { ServerCertificateName: true, TagKeys: true },
  async handle(input, { scope }, deps) {
    const keys = input.TagKeys ?? []
    await certificateEntities.change(deps, scope, input.ServerCertificateName, (certificate) => ({
      ...certificate,
      tags: withoutTags(certificate.tags, keys),
    }))
    return {}
  },
}
