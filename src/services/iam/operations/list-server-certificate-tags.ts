import type { Operation } from '../../../wire/service.ts'
import { page } from '../paging.ts'
import { certificateEntities } from '../server-certificates.ts'
import type { IamDeps, IamOperations } from '../service-deps.ts'

export const listServerCertificateTags: Operation<
  IamOperations,
  'ListServerCertificateTags',
  IamDeps
> = {
  accepts: { ServerCertificateName: true, Marker: true, MaxItems: true },
  async handle(input, { scope }, deps) {
    const { value } = await certificateEntities.named(deps, scope, input.ServerCertificateName)
    const found = page(value.tags, (tag) => tag.Key, input)
    return { Tags: [...found.items], ...found.mark }
  },
}
