import { withTags } from '../../../kernel/tags.ts'
import type { Operation } from '../../../wire/service.ts'
import { checkTags } from '../names.ts'
import { certificateEntities } from '../server-certificates.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const tagServerCertificate: Operation<IamOperations, 'TagServerCertificate', IamDeps> = {
  accepts: { ServerCertificateName: true, Tags: { Key: true, Value: true } },
  async handle(input, { scope }, deps) {
    const tags = checkTags(input.Tags)
    await certificateEntities.change(deps, scope, input.ServerCertificateName, (certificate) => ({
      ...certificate,
      tags: withTags(certificate.tags, tags),
    }))
    return {}
  },
}
